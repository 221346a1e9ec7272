/* SPDX-License-Identifier: MIT
 *
 * Pieces are kept in a hash table with linear probing, keyed by their start; an entry that is
 * removed is closed up, so that the table holds live pieces only. A leak check makes a list of
 * them in address order.
 */
#include "leak/declared.h"

#include <errno.h>

#include "base/bits.h"
#include "base/lock.h"
#include "base/own_memory.h"
#include "leak/sort_records.h"

#define MAX_ROOTS      4096
#define MAX_WORDS      ((size_t)1 << 20)
#define FIRST_CAPACITY 1024

struct root {
    uintptr_t start, end;
};

static struct {
    struct root *roots;
    size_t root_count;
    struct declared_word *words;
    struct block *pieces; /* hash table; start 0: free */
    size_t count, capacity;
    struct block **order; /* by address; NULL unless a leak check runs */
    size_t ordered;
} declared;

/* ---- roots */

int declared_add_root(uintptr_t start, size_t size)
{
    if (!size || start + size < start)
        return -EINVAL;
    int result = 0;
    uint64_t mask = lock_enter(LOCK_DECLARED);
    if (!declared.roots)
        declared.roots = own_map(MAX_ROOTS * sizeof(*declared.roots));
    if (!declared.roots || declared.root_count == MAX_ROOTS)
        result = -ENOMEM;
    else
        declared.roots[declared.root_count++] = (struct root){start, start + size};
    lock_leave(LOCK_DECLARED, mask);
    return result;
}

int declared_remove_root(uintptr_t start, size_t size)
{
    int result = -ENOENT;
    uint64_t mask = lock_enter(LOCK_DECLARED);
    for (size_t i = 0; i < declared.root_count; i++) {
        if (declared.roots[i].start == start && declared.roots[i].end == start + size) {
            declared.roots[i] = declared.roots[--declared.root_count];
            result = 0;
            break;
        }
    }
    lock_leave(LOCK_DECLARED, mask);
    return result;
}

void declared_each_root(void (*visit)(uintptr_t start, uintptr_t end, void *argument),
                        void *argument)
{
    for (size_t i = 0; i < declared.root_count; i++)
        visit(declared.roots[i].start, declared.roots[i].end, argument);
    /* Bounded: a thread that could not be stopped may change the list. */
    size_t left = MAX_WORDS;
    for (struct declared_word *word = declared.words; word && left; word = word->next, left--)
        visit((uintptr_t)&word->value, (uintptr_t)(&word->value + 1), argument);
}

void declared_hold(struct declared_word *word)
{
    uint64_t mask = lock_enter(LOCK_DECLARED);
    word->previous = NULL;
    word->next = declared.words;
    if (word->next)
        word->next->previous = word;
    declared.words = word;
    lock_leave(LOCK_DECLARED, mask);
}

void declared_release(struct declared_word *word)
{
    uint64_t mask = lock_enter(LOCK_DECLARED);
    if (word->next)
        word->next->previous = word->previous;
    if (word->previous)
        word->previous->next = word->next;
    else
        declared.words = word->next;
    lock_leave(LOCK_DECLARED, mask);
}

/* ---- pieces */

static size_t home(uintptr_t start)
{
    uint64_t hash = start * 0x9e3779b97f4a7c15u;
    return (hash ^ hash >> 32) & (declared.capacity - 1);
}

/* The place of the piece, or the free one where it belongs. */
static size_t place_of(uintptr_t start)
{
    size_t at = home(start);
    while (declared.pieces[at].start && declared.pieces[at].start != start)
        at = (at + 1) & (declared.capacity - 1);
    return at;
}

static bool declared_grow(void)
{
    struct block *old = declared.pieces;
    size_t old_capacity = declared.capacity;
    size_t capacity = old_capacity ? old_capacity * 2 : FIRST_CAPACITY;
    struct block *pieces = own_map(capacity * sizeof(*pieces));
    if (!pieces)
        return false;
    declared.pieces = pieces;
    declared.capacity = capacity;
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].start)
            pieces[place_of(old[i].start)] = old[i];
    if (old)
        own_unmap(old, old_capacity * sizeof(*old));
    return true;
}

int declared_add_piece(const struct block *piece)
{
    int result = 0;
    uint64_t mask = lock_enter(LOCK_DECLARED);
    if (declared.count * 4 >= declared.capacity * 3 && !declared_grow()) {
        result = -ENOMEM;
    } else {
        size_t at = place_of(piece->start);
        declared.count += !declared.pieces[at].start;
        declared.pieces[at] = *piece;
    }
    lock_leave(LOCK_DECLARED, mask);
    return result;
}

/* Takes out an entry, and moves those behind it that could not be found over the gap. */
static void close_up(size_t gap)
{
    size_t wrap = declared.capacity - 1;
    declared.count--;
    for (size_t at = (gap + 1) & wrap; declared.pieces[at].start; at = (at + 1) & wrap) {
        size_t wanted = home(declared.pieces[at].start);
        if (((at - wanted) & wrap) >= ((at - gap) & wrap)) {
            declared.pieces[gap] = declared.pieces[at];
            gap = at;
        }
    }
    declared.pieces[gap].start = 0;
}

int declared_remove_piece(uintptr_t start)
{
    int result = -ENOENT;
    uint64_t mask = lock_enter(LOCK_DECLARED);
    size_t at = declared.capacity ? place_of(start) : 0;
    if (start && declared.capacity && declared.pieces[at].start) {
        close_up(at);
        result = 0;
    }
    lock_leave(LOCK_DECLARED, mask);
    return result;
}

size_t declared_remove_pieces(uintptr_t start, uintptr_t end)
{
    size_t removed = 0;
    uint64_t mask = lock_enter(LOCK_DECLARED);
    for (size_t at = 0; at < declared.capacity;) {
        uintptr_t piece = declared.pieces[at].start;
        if (piece && piece >= start && piece < end) {
            close_up(at); /* may have moved another one here */
            removed++;
        } else {
            at++;
        }
    }
    lock_leave(LOCK_DECLARED, mask);
    return removed;
}

static bool declared_contains(const struct block *piece, uintptr_t address)
{
    return address - piece->start < max_size(piece->size, 1);
}

bool declared_look(uintptr_t address, struct block *copy)
{
    bool found = false;
    uint64_t mask = lock_enter(LOCK_DECLARED);
    for (size_t at = 0; at < declared.capacity && !found; at++) {
        found = declared.pieces[at].start && declared_contains(&declared.pieces[at], address);
        if (found)
            *copy = declared.pieces[at];
    }
    lock_leave(LOCK_DECLARED, mask);
    return found;
}

/* ---- during a leak check */

static bool piece_before(const void *first, const void *second)
{
    return (*(struct block *const *)first)->start < (*(struct block *const *)second)->start;
}

bool declared_arrange(void)
{
    if (!declared.count)
        return true;
    declared.order = own_map(declared.count * sizeof(struct block *));
    if (!declared.order)
        return false;
    declared.ordered = 0;
    for (size_t at = 0; at < declared.capacity && declared.ordered < declared.count; at++)
        if (declared.pieces[at].start)
            declared.order[declared.ordered++] = &declared.pieces[at];
    sort_records(declared.order, declared.ordered, sizeof(struct block *), piece_before);
    return true;
}

void declared_arrange_end(void)
{
    if (declared.order)
        own_unmap(declared.order, declared.ordered * sizeof(struct block *));
    declared.order = NULL;
    declared.ordered = 0;
}

bool declared_any(void)
{
    return declared.order;
}

/* Pieces do not overlap, so their ends are in order too. */
const struct block *declared_next(uintptr_t address)
{
    size_t low = 0, high = declared.ordered;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct block *piece = declared.order[middle];
        if (piece->start + max_size(piece->size, 1) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < declared.ordered ? declared.order[low] : NULL;
}

struct block *declared_find(uintptr_t address)
{
    struct block *piece = (struct block *)declared_next(address);
    return piece && declared_contains(piece, address) ? piece : NULL;
}

void declared_each(bool (*visit)(struct block *block, void *argument), void *argument)
{
    for (size_t i = 0; i < declared.ordered; i++)
        if (!visit(declared.order[i], argument))
            return;
}
