/* SPDX-License-Identifier: MIT
 *
 * Finds out, before anything is started or written, whether a program can be guarded by preloading.
 */
#ifndef CLI_LAUNCH_CHECK_H
#define CLI_LAUNCH_CHECK_H

/* Looks for `name` as execvp() does and stores the path to run in `*path` (allocated). Returns 0,
 * or the exit status after a message that says why the program cannot be run or guarded. */
int launch_check(const char *name, char **path);

#endif
