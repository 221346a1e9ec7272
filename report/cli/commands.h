/* SPDX-License-Identifier: MIT
 *
 * The commands of mmreport. Each gets its own name as argv[0] and returns the exit status: 0, or 2
 * after a message on standard error if there is no data, it is incomplete, or the arguments make no
 * sense.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

int command_summary(int argc, char **argv);
int command_errors(int argc, char **argv);
int command_tree(int argc, char **argv);
int command_top(int argc, char **argv);
int command_function(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_merge(int argc, char **argv);

/* Asks a running process for a trace, and prints its path. */
int command_snapshot(int argc, char **argv);
/* For continuous integration. command_gate and command_baseline return 1 as well: the policy is not
 * kept, or growth was not accepted. */
int command_gate(int argc, char **argv);
int command_baseline(int argc, char **argv);
int command_suppressions(int argc, char **argv);
int command_export(int argc, char **argv);

/* For libguard: prints the findings of the trace on standard input. */
int command_finding(int argc, char **argv);

/* For libguard: prints what a process says at its end when there is no launcher to say it. */
int command_ending(int argc, char **argv);

/* For the tests: names the addresses on standard input, in hexadecimal, one a line, of the module
 * given; writes a line of JSON for each. */
int command_symbolize(int argc, char **argv);

#endif
