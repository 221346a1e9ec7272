/* SPDX-License-Identifier: MIT
 *
 * Call stacks as paths of labels. A label is what a user counts by: a function, a line, a file, a
 * module. What there is to know about the functions of a frame is worked out once a frame, so that
 * a stack costs a walk over numbers.
 *
 * A path begins at the outermost caller. Neighbours of one label are one; with recursion folded, a
 * path that comes back to a label it has passed goes on from there (a > b > c > b > d is a > b >
 * d), so that the bytes of a stack count once for each label.
 */
#ifndef QUERY_PATHS_H
#define QUERY_PATHS_H

#include "query/callpath.h"
#include "query/pathfilter.h"

enum paths_group {
    PATHS_FUNCTION,
    PATHS_LINE,
    PATHS_FILE,
    PATHS_MODULE,
    PATHS_THREAD, /* functions below a label for the thread that allocated */
    PATHS_PROCESS, /* functions below a label for the process */
    PATHS_GROUPS
};

/* Members that do not belong to the way of grouping are NULL or 0. */
struct paths_label {
    const char *function; /* NULL: not known, or not asked for */
    const char *file;
    const char *path; /* of the module */
    const char *name; /* of a thread or process, made here */
    uint32_t line;
    uint32_t module; /* one of those with this path; exactly this one if there is an address */
    uint64_t address; /* in the module, if the function is not known */
    bool cut; /* stands for callers that were cut off */
};

/* One function of a frame. */
struct paths_entry {
    uint32_t frame, symbol; /* symbol: index into the profile's symbols plus 1; 0: none */
    uint32_t label;
    unsigned char traits, matches; /* enum callpath_trait, pathfilter_match() */
};

struct paths {
    const struct profile *profile;
    enum paths_group group;
    bool all_frames, all_calls; /* all_calls: recursion is not folded */
    const struct pathfilter *filter; /* NULL: none */
    VEC(struct paths_entry) entries; /* element 0 stands for callers that were cut off */
    uint32_t *frames; /* first entry of each frame, 0: not made yet */
    VEC(struct paths_label) labels;
    struct idmap index; /* of labels */
    VEC(uint32_t) path; /* entries of the last path, the outermost first */
    VEC(unsigned char) traits; /* of the path being made */
    VEC(uint32_t) last; /* place of a label in the path plus 1, valid if it is that label's */
};

void paths_init(struct paths *paths, const struct profile *profile, enum paths_group group,
                bool all_frames, bool all_calls, const struct pathfilter *filter);
void paths_free(struct paths *paths);

/* Sets paths->path. Returns false if a filter leaves the stack out. */
bool paths_make(struct paths *paths, uint32_t stack);

/* The label of a thread or process (an index of the profile). */
uint32_t paths_owner(struct paths *paths, uint32_t thread, uint32_t process);

/* An order of labels that does not depend on the order in which traces were loaded: by name, file,
 * line, module, address. */
int paths_compare(const struct paths *paths, uint32_t left, uint32_t right);

/* The entry's function call as the renderers take it. */
struct callpath_entry paths_call(const struct paths *paths, uint32_t entry);

#endif
