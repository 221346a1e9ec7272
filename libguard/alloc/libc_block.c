/* SPDX-License-Identifier: MIT */
#include "alloc/libc_block.h"

#include "base/bits.h"
#include "base/maps.h"
#include "base/probe.h"
#include "guard/guard.h"
#include "mmtrace.h"
#include "stack/loaded_symbol.h"

NEXT_FUNCTION(void *, __libc_malloc, (size_t));
NEXT_FUNCTION(void *, __libc_calloc, (size_t, size_t));
NEXT_FUNCTION(void *, __libc_memalign, (size_t, size_t));
NEXT_FUNCTION(void, __libc_free, (void *));

/* A block that libc gave before it was initialised itself. It has mapped memory for its main arena
 * then, in place of the process's own heap. */
static uintptr_t early_block;

NOINLINE void *libc_block_allocate(size_t size, size_t alignment, uint8_t function)
{
    void *memory;
    if (function == MMT_FUNCTION_CALLOC)
        memory = NEXT(__libc_calloc)(1, size);
    else if (alignment > 16)
        memory = NEXT(__libc_memalign)(alignment, size);
    else
        memory = NEXT(__libc_malloc)(size);
    if (!loaded_relocated())
        early_block = (uintptr_t)memory;
    return memory;
}

void libc_block_free(void *memory)
{
    NEXT(__libc_free)(memory);
}

/* The bits that glibc keeps in the size of a block. */
#define LIBC_IN_MAPPING   2
#define LIBC_IN_SUBHEAP   4
#define LIBC_BITS         7
#define LIBC_SUBHEAP_SIZE ((uintptr_t)64 << 20)

/* Blocks of all arenas but the first lie in aligned stretches, each of which starts with where its
 * arena is, the stretch before it in the arena, how much of it is in use and how much is
 * accessible. The first of an arena holds the arena right behind this. */
static bool in_libc_subheap(uintptr_t address, uintptr_t size)
{
    enum { ARENA, PREVIOUS, USED, ACCESSIBLE, WORDS };
    uintptr_t start = align_down(address, LIBC_SUBHEAP_SIZE), head[WORDS];
    for (size_t i = 0; i < WORDS; i++)
        if (!probe_word(start + i * sizeof(*head), &head[i]))
            return false;
    uintptr_t first = head[PREVIOUS] ? align_down(head[ARENA], LIBC_SUBHEAP_SIZE) : start;
    return head[ARENA] - first >= sizeof(head) && head[ARENA] - first <= PAGE_SIZE &&
           head[PREVIOUS] % LIBC_SUBHEAP_SIZE == 0 && head[USED] <= head[ACCESSIBLE] &&
           head[ACCESSIBLE] % PAGE_SIZE == 0 && head[ACCESSIBLE] <= LIBC_SUBHEAP_SIZE &&
           size <= head[USED] && address - 16 - start <= head[USED] - size;
}

bool libc_block_may_be(uintptr_t address)
{
    struct maps_entry entry;
    char path[64];
    uintptr_t before, size;
    if (address % 16 || !maps_find(address, &entry, path, sizeof(path)))
        return false;
    if (text_equal(path, "[heap]"))
        return true;
    if (path[0] || !probe_word(address - 16, &before) || !probe_word(address - 8, &size))
        return false;
    uintptr_t kind = size & LIBC_BITS & ~(uintptr_t)1;
    size &= ~(uintptr_t)LIBC_BITS;
    if (kind == 0)
        return early_block >= entry.start && early_block < entry.end && size >= 32 &&
               size % 16 == 0 && size <= entry.end - (address - 16);
    if (kind == LIBC_IN_SUBHEAP)
        return size >= 32 && size % 16 == 0 && in_libc_subheap(address, size);
    /* A block that glibc mapped for itself lies `before` bytes into its mapping, which it fills
     * to the end. From 2.43 on the two words before it do not count as a part of it, and `before`
     * has a bit that says whether the pages are huge ones. */
    before &= ~(uintptr_t)1;
    uintptr_t length = before + size, room = entry.end - (address - 16);
    return kind == LIBC_IN_MAPPING && before <= address - 16 - entry.start &&
           (address - 16 - before) % PAGE_SIZE == 0 && size <= room &&
           (length % PAGE_SIZE == 0 || (length + 16) % PAGE_SIZE == 0);
}
