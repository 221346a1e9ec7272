/* SPDX-License-Identifier: MIT
 *
 * The gate, from a loaded profile to an exit status; for mmreport gate and for mmguard --gate.
 */
#ifndef CLI_VERDICT_H
#define CLI_VERDICT_H

#include "elf/symsearch.h"
#include "model/profile.h"
#include "model/suppression.h"
#include "query/gate.h"
#include "util/failure.h"

#include <stdbool.h>

/* What findings are taken from traces that serve as a baseline. */
struct verdict_rules {
    unsigned kinds; /* of leaks */
    const char *suppressions; /* files, one a line */
    bool no_builtin; /* built-in suppressions are not used */
    const struct symsearch *search; /* NULL: no names are looked for */
};

/* Reads a baseline: a text or JSON file, or a trace or directory of traces, of which the findings
 * are taken that the rules leave. Returns false after a message. */
bool verdict_baseline(struct baseline *baseline, const char *path,
                      const struct verdict_rules *rules);

/* Whether the file can be a baseline, and what it was made with; what is in traces is not looked
 * at. Returns false with `failure` set. */
bool verdict_check_baseline(const char *path, struct baseline_scope *scope,
                            struct failure *failure);

/* Compares like with like: *own is set where the baseline was made with it, and *kinds, of leaks,
 * are narrowed to those that it could hold. Returns false if somebody asked for kinds that it could
 * not. */
bool verdict_scope(const struct baseline_scope *scope, bool asked, unsigned *kinds, bool *own);

/* Puts names to the stacks of all findings, and of the leaks of these kinds. `search` is NULL if no
 * names are to be looked for. */
void verdict_names(struct profile *profile, unsigned kinds, const struct symsearch *search);

/* Adds what a policy file says, a `word = value` a line. Returns false after a
 * message. */
bool verdict_policy(struct gate_policy *policy, const char *path);

/* The exit status: 0 passed, 1 failed, 2 incomplete. */
int verdict_status(const struct gate *gate, const char *doubts);

#endif
