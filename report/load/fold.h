/* SPDX-License-Identifier: MIT
 *
 * What folding one trace into a profile needs in all its rounds.
 */
#ifndef LOAD_FOLD_H
#define LOAD_FOLD_H

#include "load/records.h"
#include "model/profile.h"

struct fold {
    struct profile *profile;
    /* In a file that is cut off, an id without a record is "unknown", not an error. */
    bool complete;
    uint32_t process;
    /* Index: id in the file. Value: id in the profile, 0 for none. Element 0 is 0. */
    uint32_t *modules, *stacks;
    uint64_t module_count, stack_count; /* highest id */
    /* A trace of a single finding has only the threads that took part in it. */
    struct idmap threads;
    struct mmt_frame *frames; /* of all stacks records, by id */
};

/* Reads the fixed part of a payload. */
bool fold_fields(struct cursor *payload, void *out, size_t size);

/* Interns a text of the payload; `what` names it in a message. */
bool fold_text(struct fold *fold, struct cursor *payload, struct mmt_text text, const char *what,
               const char **out);

/* Turns the id of a stack in the file into that in the profile. */
bool fold_stack_id(const struct fold *fold, struct cursor *payload, uint32_t *id);

/* The index in the profile of a thread of the file, 0 if it has no record. */
uint32_t fold_find_thread(const struct fold *fold, uint32_t id);

/* Reads a record of type MMT_SITES. */
bool fold_sites(struct fold *fold, struct cursor *payload);

/* Reads a record that refers to stacks and threads, all of which are in the tables. Passes over
 * other types. */
bool fold_reference(struct fold *fold, struct record *record);

#endif
