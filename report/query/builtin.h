/* SPDX-License-Identifier: MIT
 *
 * What the libraries of the system allocate once and keep: no leak of the program's, and nothing it
 * could free. Each rule stands for something that was seen, says why, and holds for memory that can
 * still be reached, unless the library is known to keep it in another way; what is lost otherwise
 * is always reported.
 */
#ifndef QUERY_BUILTIN_H
#define QUERY_BUILTIN_H

#include "model/profile.h"
#include "sym/resolve.h"

#include <stdbool.h>

/* Adds the frames that have to have names before builtin_apply(). Returns false if it would find
 * nothing. */
bool builtin_frames(struct resolve_set *set, const struct profile *profile);

/* Takes what the rules match out of all processes but those with MMT_PROCESS_ALL_LEAKS; adds it to
 * their `builtin` and `suppressed` sums and to profile->builtin. */
void builtin_apply(struct profile *profile);

#endif
