/* SPDX-License-Identifier: MIT
 *
 * Nodes lie in one array, in order of their ids. They are found by (parent, pc, flags) through a
 * forest of tries over the hash of that key: the upper bits choose a root, each further pair of
 * bits one of four children. Every node is an entry of its trie as well, so a lookup passes at most
 * the nodes on one path, which for n nodes is about log4(n / ROOTS) long. What leads to a node has
 * some more bits of the hash beside the id: each step is a cache miss, and without them each would
 * be two, one for the links of a node and one for its key.
 *
 * Why not a hash table: it would have to grow, and growing needs either a lock for insertions or
 * reservations that cost a touched page for each node. A trie only ever turns an empty child into a
 * node, by one compare-and-exchange: insertion is lock-free, and a signal handler or a child of
 * fork finds every intermediate state whole.
 *
 * A node is written before its id is published (release), and read only by who has seen the id
 * (acquire). Two threads that insert the same key meet at the same empty child; one loses, finds
 * the other's node there, and leaves its own unused: a node with an id, a valid parent and no stack
 * that refers to it.
 */
#include "stack/depot.h"

#include <stdatomic.h>
#include <sys/resource.h>

#include "base/bits.h"
#include "base/lock.h"
#include "base/own_memory.h"
#include "base/sys.h"
#include "stack/modules.h"

#define ROOT_BITS         16
#define ID_BITS           26
#define ID_MASK           (((uint32_t)1 << ID_BITS) - 1)
#define LARGEST_CAPACITY  ((size_t)ID_MASK)
#define SMALLEST_CAPACITY ((size_t)1 << 10)
#define MODULE_WORDS      ((MMT_FRAME_MODULE_MASK + 1) / 64)
#define RECENT_BITS       16
#define KEY_FLAGS         (MMT_FRAME_EXACT | MMT_FRAME_TRUNCATED)

/* Each an id and, above it, bits of the node's hash; 0: none. */
struct links {
    _Atomic uint32_t child[4];
};

/* A stack seen lately. The two words are written without a lock: a pair of which one half is newer
 * than the other does not give the hash that is looked for. */
struct recent {
    _Atomic uint64_t hash_and_id; /* hash ^ id */
    _Atomic uint64_t id;
};

/* One mapping; the arrays follow. */
struct depot {
    _Atomic size_t capacity;
    struct mmt_frame *nodes; /* of id i: nodes[i - 1] */
    struct links *links;
    struct depot_notes *notes;
    _Atomic uint64_t *retired; /* a bit a module */
    _Atomic uint32_t count; /* ids asked for; may exceed the capacity */
    _Atomic bool any_retired;
    _Alignas(64) _Atomic uint32_t roots[1u << ROOT_BITS];
    struct recent recent[1u << RECENT_BITS];
};

static struct depot *_Atomic the_depot;

static struct depot *depot_existing(void)
{
    return atomic_load_explicit(&the_depot, memory_order_acquire);
}

/* Address space the depot may reserve: nearly all of `ulimit -v` is the program's. */
static size_t reservation_limit(void)
{
    struct rlimit64 limit;
    long result = sys_call4(SYS_prlimit64, 0, RLIMIT_AS, 0, (long)&limit);
    return sys_failed(result) || limit.rlim_cur == RLIM64_INFINITY ? SIZE_MAX : limit.rlim_cur / 16;
}

static size_t mapping_size(size_t capacity)
{
    return sizeof(struct depot) + MODULE_WORDS * sizeof(uint64_t) +
           capacity *
               (sizeof(struct mmt_frame) + sizeof(struct links) + sizeof(struct depot_notes));
}

static NOINLINE struct depot *depot_make(void)
{
    size_t capacity = LARGEST_CAPACITY, limit = reservation_limit();
    while (capacity > SMALLEST_CAPACITY && mapping_size(capacity) > limit)
        capacity /= 2;
    struct depot *made = own_map(mapping_size(capacity));
    while (!made && capacity > SMALLEST_CAPACITY) {
        capacity /= 2;
        made = own_map(mapping_size(capacity));
    }
    if (!made)
        return NULL;
    made->capacity = capacity;
    made->retired = (_Atomic uint64_t *)(made + 1);
    made->nodes = (struct mmt_frame *)(made->retired + MODULE_WORDS);
    made->links = (struct links *)(made->nodes + capacity);
    made->notes = (struct depot_notes *)(made->links + capacity);
    struct depot *expected = NULL;
    if (atomic_compare_exchange_strong(&the_depot, &expected, made))
        return made;
    own_unmap(made, mapping_size(capacity));
    return expected;
}

/* Used from the top bits down, where multiplication mixes best. Only the last product waits for the
 * caller's node, which is what a lookup of a whole stack spends its time on. Flags are above the
 * bits of ids. */
static uint64_t hash(uint32_t parent, uintptr_t pc, uint32_t flags)
{
    return (pc ^ (uint64_t)flags << 32) * 0x9e3779b97f4a7c15u + parent * 0xd6e8feb86659fd93u;
}

static bool module_retired(const struct depot *depot, uint32_t module)
{
    return atomic_load_explicit(&depot->retired[module / 64], memory_order_relaxed) >> module % 64 &
           1;
}

static bool node_is(const struct depot *depot, uint32_t id, uint32_t parent, uintptr_t pc,
                    uint32_t flags)
{
    const struct mmt_frame *node = &depot->nodes[id - 1];
    if (node->pc != pc || node->parent != parent || (node->module & KEY_FLAGS) != flags)
        return false;
    return likely(!atomic_load_explicit(&depot->any_retired, memory_order_relaxed)) ||
           !module_retired(depot, node->module & MMT_FRAME_MODULE_MASK);
}

/* A node that nobody knows yet; 0 if there is no room. */
static uint32_t node_new(struct depot *depot, uint32_t parent, uintptr_t pc, uint32_t flags)
{
    if (atomic_load_explicit(&depot->count, memory_order_relaxed) >= depot->capacity)
        return 0;
    uint32_t module = modules_find(flags & MMT_FRAME_EXACT ? pc : pc - 1);
    uint32_t id = atomic_fetch_add_explicit(&depot->count, 1, memory_order_relaxed) + 1;
    if (id > depot->capacity)
        return 0; /* asked after the id was taken: see depot_give_up_space() */
    depot->nodes[id - 1] = (struct mmt_frame){.pc = pc, .parent = parent, .module = module | flags};
    return id;
}

static uint32_t node_put(struct depot *depot, uint32_t parent, uintptr_t pc, uint32_t flags)
{
    uint64_t path = hash(parent, pc, flags);
    uint32_t tag = (uint32_t)(path >> 20) << ID_BITS; /* bits that the path gets to last */
    _Atomic uint32_t *place = &depot->roots[path >> (64 - ROOT_BITS)];
    uint32_t made = 0;
    path <<= ROOT_BITS;
    for (;;) {
        uint32_t link = atomic_load_explicit(place, memory_order_acquire);
        if (!link) {
            if (!made)
                made = node_new(depot, parent, pc, flags);
            if (!made || atomic_compare_exchange_strong_explicit(
                             place, &link, made | tag, memory_order_release, memory_order_acquire))
                return made;
        }
        uint32_t id = link & ID_MASK;
        if ((link & ~ID_MASK) == tag && likely(node_is(depot, id, parent, pc, flags)))
            return id;
        place = &depot->links[id - 1].child[path >> 62];
        path <<= 2;
    }
}

uint32_t depot_put(const struct depot_frame *frames, size_t count)
{
    struct depot *depot = depot_existing();
    if (unlikely(!depot) && !(depot = depot_make()))
        return 0;
    uint32_t id = 0;
    while (count-- > 0) {
        id = node_put(depot, id, frames[count].pc, frames[count].flags & KEY_FLAGS);
        if (unlikely(!id))
            break;
    }
    return id;
}

static NOINLINE uint32_t put_new_steps(struct depot *depot, struct recent *recent, uint32_t id,
                                       const struct depot_step *steps, size_t count, bool truncated,
                                       uint64_t hash)
{
    uint32_t flags = truncated ? MMT_FRAME_TRUNCATED : 0;
    for (; count-- > 0; flags = 0) {
        id = node_put(depot, id, steps[count].pc, flags);
        if (unlikely(!id))
            return 0;
    }
    atomic_store_explicit(&recent->hash_and_id, hash ^ id, memory_order_relaxed);
    atomic_store_explicit(&recent->id, id, memory_order_relaxed);
    return id;
}

HOT uint32_t depot_put_steps(uint32_t base, const struct depot_step *steps, size_t count,
                             bool truncated, uint64_t hash)
{
    struct depot *depot = depot_existing();
    if (unlikely(!depot) && !(depot = depot_make()))
        return 0;
    hash = depot_hash(hash, (uintptr_t)base << 1 | truncated) * 0xd6e8feb86659fd93u;
    struct recent *recent = &depot->recent[hash >> (64 - RECENT_BITS)];
    uint64_t id = atomic_load_explicit(&recent->id, memory_order_relaxed);
    if (likely((atomic_load_explicit(&recent->hash_and_id, memory_order_relaxed) ^ id) == hash &&
               id))
        return (uint32_t)id;
    return put_new_steps(depot, recent, base, steps, count, truncated, hash);
}

uint32_t depot_count(void)
{
    struct depot *depot = depot_existing();
    return depot ? (uint32_t)min_size(atomic_load(&depot->count), depot->capacity) : 0;
}

const struct mmt_frame *depot_node(uint32_t id)
{
    return id && id <= depot_count() ? &depot_existing()->nodes[id - 1] : NULL;
}

struct depot_notes *depot_notes(uint32_t id)
{
    struct depot *depot = depot_existing();
    return depot && id && id <= depot->capacity ? &depot->notes[id - 1] : NULL;
}

size_t depot_get(uint32_t id, struct mmt_frame *frames, size_t size)
{
    size_t used = 0;
    const struct mmt_frame *node;
    while (used < size && (node = depot_node(id)) != NULL) {
        frames[used++] = *node;
        id = node->parent;
    }
    return used;
}

void depot_retire_module(uint32_t module)
{
    struct depot *depot = depot_existing();
    if (!depot || !module || module > MMT_FRAME_MODULE_MASK)
        return;
    atomic_fetch_or(&depot->retired[module / 64], (uint64_t)1 << module % 64);
    atomic_store(&depot->any_retired, true);
    for (size_t i = 0; i < ARRAY_LENGTH(depot->recent); i++)
        if (atomic_load_explicit(&depot->recent[i].id, memory_order_relaxed))
            atomic_store_explicit(&depot->recent[i].id, 0, memory_order_relaxed);
}

/* Gives back the pages that lie wholly in [start, end). */
static void give_back(const void *start, const void *end)
{
    uintptr_t from = align_up((uintptr_t)start, PAGE_SIZE),
              to = align_down((uintptr_t)end, PAGE_SIZE);
    if (from < to)
        own_unmap_part((void *)from, to - from);
}

/* A thread that takes an id asks for the capacity afterwards. If it took the id before the count is
 * read here, the node is kept; if later, it sees the new capacity. */
void depot_give_up_space(size_t limit)
{
    struct depot *depot = depot_existing();
    if (!depot)
        return;
    uint64_t mask = lock_enter(LOCK_DEPOT);
    size_t had = depot->capacity;
    size_t room = limit / 16 / (sizeof(struct mmt_frame) + sizeof(struct links));
    size_t keep = atomic_load(&depot->count) + room;
    if (keep < had) {
        atomic_store(&depot->capacity, keep);
        size_t taken = min_size(atomic_load(&depot->count), had);
        if (taken > keep)
            atomic_store(&depot->capacity, keep = taken);
        give_back(&depot->nodes[keep], &depot->nodes[had]);
        give_back(&depot->links[keep], &depot->links[had]);
    }
    lock_leave(LOCK_DEPOT, mask);
}
