/* SPDX-License-Identifier: MIT
 *
 * Errors and leaks of all processes by fingerprint: what somebody has to look at once.
 */
#ifndef QUERY_ISSUES_H
#define QUERY_ISSUES_H

#include "model/profile.h"
#include "query/callpath.h"

struct issue {
    const char *text; /* of the fingerprint; in the pool of struct issues */
    uint64_t hash; /* the fingerprint */
    const char *kind; /* slug of an error, or kind of a leak */
    const char *path; /* "function < caller < caller", escaped; those of the fingerprint */
    uint32_t number; /* enum mmt_error, or enum mmt_leak_kind of a leak */
    bool leak;
    bool own; /* its stack has a function of a program or library that is not the system's */
    uint64_t count, bytes; /* blocks and bytes of a leak; different errors, and 0 */
    uint32_t finding; /* an error to show: index into the profile's findings */
    uint32_t stack; /* to show: of the error, or of the largest leak */
    uint32_t located; /* the stack that path, function, file, line and module are of: it */
    uint64_t stack_bytes;
    const char *function,
        /* where to look first: in the program, if its stack has such a place; NULL: not known */
        *file;
    uint32_t line; /* 0: not known */
    const char *module; /* path of the file with that function */
    VEC(uint32_t) processes; /* ascending */
};

struct issues {
    struct strpool strings;
    VEC(struct issue) items; /* errors first, then leaks by bytes, then by text */
};

/* Gathers all findings, and the leaks whose kind's bit is in `kinds`. Names of frames must be
 * known. */
void issues_gather(struct issues *issues, const struct profile *profile, unsigned kinds);

/* Says whether a program or library is the system's, by the folder it is in. */
bool issues_system_path(const char *path);

/* Says whether a stack has a function of a program or library that is not the system's. */
bool issues_own_stack(const struct profile *profile, uint32_t stack);

/* Leaves those that are `own`. Returns how many were left out. */
size_t issues_keep_own(struct issues *issues);

void issues_free(struct issues *issues);

/* The entry of a path where somebody should look first: the innermost one of the program that has a
 * source file, else of the program, else the innermost. NULL if the path is empty. */
const struct callpath_entry *issues_blame(const struct profile *profile,
                                          const struct callpath *path);

#endif
