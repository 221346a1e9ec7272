/* SPDX-License-Identifier: MIT
 *
 * mmguard: runs a program under libguard.so, reports what was found and turns it into an exit
 * status.
 */
#ifndef CLI_LAUNCH_H
#define CLI_LAUNCH_H

/* Returns the exit status of mmguard: 0 clean, the program's own status if that is not 0, the
 * chosen status for findings, 2 when the program was not started or nothing is known about it. Does
 * not return if the program was killed by a signal: then mmguard ends by the same signal. */
int launch_main(int argc, char **argv);

#endif
