/* SPDX-License-Identifier: MIT
 *
 * Puts names to the frames of a profile.
 */
#ifndef SYM_RESOLVE_H
#define SYM_RESOLVE_H

#include "elf/symsearch.h"
#include "model/profile.h"

/* The frames somebody will look at; `wanted` has one byte a frame. */
struct resolve_set {
    unsigned char *frames;
    size_t count;
};

void resolve_set_init(struct resolve_set *set, const struct profile *profile);
void resolve_set_free(struct resolve_set *set);

/* Adds all frames of a stack. */
void resolve_set_add(struct resolve_set *set, const struct profile *profile, uint32_t stack);

/* Adds the stacks of a finding, and those that created its threads. */
void resolve_set_add_finding(struct resolve_set *set, const struct profile *profile,
                             const struct finding *finding);

/* Adds the stacks of the leaks whose kind's bit (1 << enum mmt_leak_kind) is in `kinds`. */
void resolve_set_add_leaks(struct resolve_set *set, const struct profile *profile, unsigned kinds);

/* Sets the symbols of the frames of the set that have none. Modules that cannot be read are named
 * on standard error if `warn`; their frames stay without symbols. */
void resolve_names(struct profile *profile, const struct resolve_set *set,
                   const struct symsearch *search, bool warn);

#endif
