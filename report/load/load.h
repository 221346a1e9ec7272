/* SPDX-License-Identifier: MIT
 *
 * Reads trace files and folds them into one profile.
 *
 * A file that is cut off is loaded as far as it goes, with a warning on standard error; its process
 * and the profile are marked incomplete. If anything else is wrong with a file, nothing of it is in
 * the profile. It is left out, with a message on standard error and counted, as long as other files
 * can be read.
 */
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include "model/profile.h"
#include "util/failure.h"

/* Does something with the bytes of a file; false with `failure` set if it is none of those looked
 * for. */
typedef bool load_visitor(void *context, const char *path, const uint8_t *data, uint64_t size,
                          struct failure *failure);

/* Reads every path and hands it to the visitor; a directory stands for the files in it whose names
 * end in MMT_SUFFIX, in the order of their names. `*lost` is how many could not be read or were
 * refused by the visitor; if these are all, returns false with `failure` set. */
bool load_visit(char *const *paths, size_t count, load_visitor *visitor, void *context,
                size_t *lost, struct failure *failure);

/* Loads every path of load_visit(). What the profile holds afterwards does not depend on the order
 * of the files, but for the numbers of modules, frames, stacks and threads. */
bool load_paths(struct profile *profile, char *const *paths, size_t count, struct failure *failure);

/* Loads one trace from a descriptor, from its start if it is seekable; `name` stands for it in
 * messages. A missing end record is not worth a warning here. */
bool load_descriptor(struct profile *profile, int descriptor, const char *name,
                     struct failure *failure);

/* Loads one trace that is in memory; 0 < `size` or not, `data` is not NULL. Warns only if `warn`.
 * On failure the profile is as before. */
bool load_bytes(struct profile *profile, const char *name, const uint8_t *data, uint64_t size,
                bool warn, struct failure *failure);

#endif
