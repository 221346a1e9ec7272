/* SPDX-License-Identifier: MIT
 *
 * Takes what is suppressed out of a profile whose frames have names.
 */
#ifndef QUERY_SUPPRESS_H
#define QUERY_SUPPRESS_H

#include "model/profile.h"
#include "model/suppression.h"

#include <time.h>

/* A rule that takes more than this share of all different findings and leaks, in percent, is too
 * broad, if there are enough. */
#define SUPPRESS_BROAD_PERCENT 50
#define SUPPRESS_BROAD_LEAST   10

struct suppress_result {
    uint64_t all, taken; /* different findings and stacks of leaks */
};

/* Removes the findings and leaks that a rule matches; what each process loses is added to its
 * `suppressed` sums. Rules that have expired at `now` match nothing. The first rule that matches
 * counts. If `program` is not NULL, the rules are those of the programs whose `suppressions` it is:
 * only leaks of these processes go. */
struct suppress_result suppress_apply(struct suppressions *rules, struct profile *profile,
                                      const char *program, time_t now);

enum suppress_fault {
    SUPPRESS_GOOD,
    SUPPRESS_UNUSED,
    SUPPRESS_EXPIRED,
    SUPPRESS_BROAD,
};

/* What is wrong with a rule, after it was applied. */
enum suppress_fault suppress_fault(const struct suppressions *rules, const struct suppression *rule,
                                   const struct suppress_result *result);

/* The text that would suppress a stack: "KIND:FUNCTION < CALLER", with `callers` functions at most,
 * escaped. Returns NULL if the stack says nothing. To be released with free(). */
char *suppress_suggest(const struct profile *profile, const char *kind, uint32_t stack,
                       unsigned callers);

#endif
