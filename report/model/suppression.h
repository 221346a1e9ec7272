/* SPDX-License-Identifier: MIT
 *
 * Rules that say which findings and leaks are known and not to be counted.
 */
#ifndef MODEL_SUPPRESSION_H
#define MODEL_SUPPRESSION_H

#include "mmtrace.h"
#include "util/strpool.h"
#include "util/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* Kinds of errors a rule can name; enum mmt_error is below it. */
#define SUPPRESSION_ERROR_KINDS 64

enum suppression_form {
    SUPPRESSION_ANYWHERE, /* one pattern, for any function, file or module of the stack */
    /* a pattern for each of the innermost functions, without those of the allocator */
    SUPPRESSION_PATH,
    SUPPRESSION_STACK, /* the same, where the function that allocates or frees may be named first */
};

enum suppression_part {
    SUPPRESSION_FUNCTION,
    SUPPRESSION_MODULE,
    SUPPRESSION_SOURCE,
    SUPPRESSION_REST, /* any number of functions, also none */
};

struct suppression_pattern {
    enum suppression_part part;
    const char *text; /* with wildcards '*' and '?' */
};

struct suppression {
    enum suppression_form form;
    uint64_t errors; /* bits 1 << enum mmt_error */
    unsigned leaks; /* bits 1 << enum mmt_leak_kind */
    uint32_t access_size; /* 0: any */
    uint32_t first, count; /* its patterns */
    const char *file;
    uint32_t line;
    const char *name; /* of the rule, or its own text */
    const char *reason; /* "" if none is given */
    const char *until; /* the last day it holds, YYYY-MM-DD; "" if there is none */
    bool expired; /* set by who applies the rules */
    uint64_t hits; /* different findings and stacks of leaks it took */
};

struct suppressions {
    struct strpool strings;
    VEC(struct suppression) rules;
    VEC(struct suppression_pattern) patterns;
    bool no_builtin; /* the built-in rules, which are not among these, are not applied */
};

void suppressions_free(struct suppressions *suppressions);

#endif
