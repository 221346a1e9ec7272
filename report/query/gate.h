/* SPDX-License-Identifier: MIT
 *
 * Compares what was found with a baseline and decides by a policy.
 */
#ifndef QUERY_GATE_H
#define QUERY_GATE_H

#include "model/baseline.h"
#include "query/issues.h"
#include "util/textbuf.h"

#define GATE_NO_LIMIT UINT64_MAX

struct gate_policy {
    /* Of leaks that are looked at, bits 1 << enum mmt_leak_kind: others are left out, and those of
     * the baseline do not count as fixed. */
    unsigned kinds;
    bool own; /* findings of the system only are left out, likewise */
    uint64_t max_new, max_grown; /* findings */
    uint64_t max_count, max_bytes; /* of all leaks together: blocks and bytes */
    VEC(struct gate_limit {
        const char *kind; /* slug of an error or kind of a leak; must live as long as the policy */
        uint64_t most; /* findings of that kind, known or not */
    })
    limits;
};

void gate_policy_init(struct gate_policy *policy);
void gate_policy_free(struct gate_policy *policy);

/* Sets what a word such as "max-new" or "max" names; the value of "max" is "KIND:N". `value` must
 * live as long as the policy. Returns false if either makes no sense. */
bool gate_policy_set(struct gate_policy *policy, const char *word, const char *value);

enum gate_status { GATE_NEW, GATE_GROWN, GATE_KNOWN, GATE_FIXED };

struct gate_line {
    enum gate_status status;
    const struct issue *issue; /* NULL if it is fixed */
    const struct baseline_entry *allowed; /* NULL if it is new */
};

struct gate {
    VEC(struct gate_line) lines; /* by status; of one status, as in the issues or the baseline */
    size_t counts[4]; /* by status */
    size_t foreign; /* of the system, and left out */
    size_t could_leave; /* new ones that are the system's */
    VEC(char *) violations; /* what of the policy is not kept, in words; empty: passed */
};

void gate_decide(struct gate *gate, const struct issues *issues, const struct baseline *baseline,
                 const struct gate_policy *policy);

void gate_free(struct gate *gate);

/* "new", "grown", "known", "fixed" */
const char *gate_word(enum gate_status status);

/* Why nothing may be called clean: for each process whose record is not whole a reason, one a line;
 * empty if there is none. `leaks` says that leaks matter. */
void gate_doubts(struct textbuf *reasons, const struct profile *profile, bool leaks);

#endif
