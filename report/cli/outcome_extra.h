/* SPDX-License-Identifier: MIT
 *
 * What mmguard does at the end of a run beside its report, when flags ask for it.
 */
#ifndef CLI_OUTCOME_EXTRA_H
#define CLI_OUTCOME_EXTRA_H

#include "cli/launch_flags.h"
#include "cli/outcome.h"
#include "model/suppression.h"
#include "render/view.h"

/* Takes out what is suppressed, and the processes that are not to count. The rules are not used up.
 */
void outcome_filter(const struct outcome_run *run, struct profile *profile,
                    struct suppressions *rules);

/* Takes out leaks of programs of the system that the launched one has started, unless the flags say
 * otherwise, and adds a line that says so. */
void outcome_system_programs(const struct outcome_run *run, struct profile *profile,
                             struct textbuf *line);

/* Writes what the flags ask for: reports as Valgrind's, suggested suppressions and the verdict of
 * the gate to run->out, exports to their files. Sets outcome->gate. Returns 0, or 2 after a
 * message. */
int outcome_extra(const struct outcome_run *run, struct profile *profile, struct outcome *outcome);

/* Writes a line for each issue that would suppress it. */
view_writer outcome_suggest;

#endif
