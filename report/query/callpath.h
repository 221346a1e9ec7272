/* SPDX-License-Identifier: MIT
 *
 * A call stack as a list of functions, with what inlining put into one frame spread out, and without the frames that say nothing
 * about the program: those of the allocator at the inner end, those of process and thread start at the outer end.
 */
#ifndef CALLPATH_H
#define CALLPATH_H

#include "model/profile.h"
#include "util/vec.h"

/* Functions kept of one stack, from the inner end; the rest counts as cut off by the depth limit. */
#define CALLPATH_LONGEST 1024

struct callpath_entry {
    const struct symbol *symbol; /* NULL if the frame has none */
    uint32_t frame;              /* index into the profile's frames; 0: callers that were cut off */
};

struct callpath {
    VEC(struct callpath_entry) entries; /* innermost first */
};

/* Sets the path to that of the stack. With `all_frames` nothing is left out. Of a stack that has nothing but frames to
 * leave out, those of the outer end stay. */
void callpath_expand(struct callpath *path, const struct profile *profile, uint32_t stack,
                     bool all_frames);

void callpath_free(struct callpath *path);

#endif
