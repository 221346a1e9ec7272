/* SPDX-License-Identifier: MIT
 *
 * Running mmreport from inside the program: it reads a trace and writes text. It is the child of a
 * child: the first is made by a raw clone that shares memory (no fork handlers, no copy) and, as it
 * never executes anything, sends no SIGCHLD when it ends and is not seen by the program's own
 * waiting for children; the second executes mmreport. It is given 60 seconds.
 */
#ifndef DIAG_HELPER_H
#define DIAG_HELPER_H

/* Finds mmreport; `path` is the option, "" to look beside libguard.so and in ../bin. Once, at the
 * start. */
void helper_init(const char *path);

/* mmreport has nothing to report: all that there was is suppressed. */
#define HELPER_NOTHING 3

/* Runs mmreport with `arguments` (argv, ended by NULL), `input` as standard input and `output` as
 * standard output and error. 0 if it ended with status 0 or 2, which means that it has written its
 * text, HELPER_NOTHING if with that; otherwise -errno or -ECHILD. The caller holds LOCK_REPORT. */
int helper_run(const char *const *arguments, int input, int output);

#endif
