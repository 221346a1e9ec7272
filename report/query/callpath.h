/* SPDX-License-Identifier: MIT
 *
 * A call stack as a list of functions, with what inlining put into one frame spread out, and
 * without the frames that say nothing about the program: those of the allocator at the inner end,
 * those of process and thread start at the outer end.
 */
#ifndef QUERY_CALLPATH_H
#define QUERY_CALLPATH_H

#include "model/profile.h"
#include "util/vec.h"

/* Functions kept of one stack, from the inner end; the rest counts as cut off by the depth limit.
 */
#define CALLPATH_LONGEST 1024

struct callpath_entry {
    const struct symbol *symbol; /* NULL if the frame has none */
    uint32_t frame; /* index into the profile's frames; 0: callers that were cut off */
};

struct callpath {
    VEC(struct callpath_entry) entries; /* innermost first */
};

/* What an entry is, which decides whether it is shown. */
enum callpath_trait {
    CALLPATH_ALLOCATOR = 1,
    CALLPATH_START = 2, /* starts processes and threads */
    CALLPATH_START_MAIN = 4, /* __libc_start_main */
    CALLPATH_START_CALL = 8, /* may stand between that and main() or a constructor */
    CALLPATH_CUT = 16, /* callers that were cut off */
    CALLPATH_SYSTEM = 32, /* of a library that comes with the system, or of an allocator */
    CALLPATH_GUARD =
        /* of libguard.so, which may stand between two of the program's: qsort(), pthread_create()
         */
    64,
    CALLPATH_KNOWN = 128, /* set in all that were worked out */
};

/* The traits of one entry: bits of enum callpath_trait. */
unsigned callpath_traits(const struct profile *profile, const struct callpath_entry *entry);

/* Given the traits of a path's entries, innermost first, sets which part of it is shown: [*first,
 * *end). Of a path that has nothing but frames to leave out, those of the outer end stay. */
void callpath_bounds(const unsigned char *traits, size_t count, size_t *first, size_t *end);

/* Of the entries [first, end) only those that are not libguard's are shown, unless there are no
 * others. Returns whether there are. */
bool callpath_has_others(const unsigned char *traits, size_t first, size_t end);

/* Sets the path to that of the stack. With `all_frames` nothing is left out. */
void callpath_expand(struct callpath *path, const struct profile *profile, uint32_t stack,
                     bool all_frames);

void callpath_free(struct callpath *path);

#endif
