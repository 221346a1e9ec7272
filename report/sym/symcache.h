/* SPDX-License-Identifier: MIT
 *
 * Names that were found, kept from one run to the next: a file for each build-id and reader, with
 * the answers for the addresses that were asked for so far. 10,000 addresses of ceph-osd-dbg take
 * 0.11 s again after 1.47 the first time.
 *
 * An entry counts only as long as the files the names came from have the size and modification time
 * they had then, and only if it and its folder belong to the user and nobody else can write to
 * them. What it holds is read as carefully as a trace is. Entries are replaced whole, so that
 * readers and other writers never meet half of one; of two writers the later one wins.
 */
#ifndef SYM_SYMCACHE_H
#define SYM_SYMCACHE_H

#include "sym/symbolizer.h"

struct symcache {
    VEC(uint64_t) addresses; /* ascending */
    struct sym_answer answer;
};

/* Loads the entry of a module; it is empty if there is none that counts, or no cache is wanted. */
void symcache_load(struct symcache *cache, const struct symsearch *search,
                   const struct module *module);

/* The chain of an address, or NULL. */
const struct sym_chain *symcache_find(const struct symcache *cache, uint64_t address);

/* Writes an entry with what `cache` has and the new answers, for ascending addresses. Does nothing
 * if the answers cannot be kept (they came from files that may change unseen), or on any error: the
 * cache is no place to fail. */
void symcache_store(const struct symcache *cache, const struct symsearch *search,
                    const struct module *module, const uint64_t *addresses,
                    const struct sym_answer *answer);

void symcache_free(struct symcache *cache);

#endif
