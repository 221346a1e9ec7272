/* SPDX-License-Identifier: MIT
 *
 * What mmguard does at the end of a run beside its report, when flags ask for it.
 */
#ifndef CLI_OUTCOME_EXTRA_H
#define CLI_OUTCOME_EXTRA_H

#include "cli/launch_flags.h"
#include "cli/outcome.h"
#include "model/suppression.h"

/* Takes out what is suppressed, and the processes that are not to count. The rules are not used up.
 */
void outcome_filter(struct profile *profile, const struct launch_flags *flags,
                    struct suppressions *rules, uint32_t pid);

/* Takes out leaks of programs of the system other than outcome->program, unless the flags count
 * them, and says so in outcome->system. */
void outcome_system_programs(struct profile *profile, const struct launch_flags *flags,
                             unsigned kinds, struct outcome *outcome);

/* Writes what the flags ask for: reports as Valgrind's, suggested suppressions and the verdict of
 * the gate to `out`, exports to their files. Sets outcome->gate. Returns 0, or 2 after a message.
 */
int outcome_extra(struct profile *profile, const struct launch_flags *flags, unsigned kinds,
                  int color, bool quiet, FILE *out, struct outcome *outcome);

#endif
