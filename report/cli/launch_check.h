/* SPDX-License-Identifier: MIT
 *
 * Finds out, before anything is started or written, whether a program can be guarded by preloading.
 */
#ifndef CLI_LAUNCH_CHECK_H
#define CLI_LAUNCH_CHECK_H

/* Looks for the first of `arguments` as execvp() does and stores the path to run in `*path`
 * (allocated). Returns 0, or the exit status after a message that says why the program, or the one
 * that a dynamic loader is to start, cannot be run or guarded. */
int launch_check(char *const *arguments, char **path);

#endif
