/* SPDX-License-Identifier: MIT
 *
 * Runs a program with libguard.so preloaded and waits for it.
 */
#ifndef CLI_LAUNCH_RUN_H
#define CLI_LAUNCH_RUN_H

#include <stdint.h>

/* From here on no signal that is meant for the program ends the launcher. Once, before the others.
 */
void launch_hold_signals(void);

/* Starts `path` with the arguments `program` (NULL-terminated), LD_PRELOAD beginning with `library`
 * and MMGUARD_OPTIONS set to `settings`; passes signals sent to this process on to it until it
 * ends. Stores its process id and its status as waitpid() gives it. Returns 0, or the exit status
 * after a message if the program could not be started. */
int launch_run(const char *path, char **program, const char *library, const char *settings,
               uint32_t *pid, int *wait_status);

/* The status that `work` returns, which takes time: it is done by a child that such signals end.
 * Then *signal_number is set, and the status is LAUNCH_EXIT_USAGE. */
int launch_apart(int (*work)(const void *argument), const void *argument, int *signal_number);

/* Ends this process by a signal, as the program ended, without a second core file. */
_Noreturn void launch_die_by(int signal_number);

#endif
