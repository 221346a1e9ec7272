/* SPDX-License-Identifier: MIT
 *
 * A heap for the tests of the leak check: blocks in equal slots of one mapping, records in an
 * array. It only grows; fake_reset() empties it. One a test file. Tests name blocks by index, so
 * that no pointer to them is lying about on the stack.
 */
#ifndef TESTS_UNIT_FAKE_HEAP_H
#define TESTS_UNIT_FAKE_HEAP_H

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "base/bits.h"
#include "base/own_memory.h"
#include "base/probe.h"
#include "heap/block.h"
#include "leak/mark.h"
#include "mmtrace.h"

static struct {
    char *arena;
    size_t slot, slots, count;
    struct block *blocks;
} fake;

static void fake_reset(void)
{
    if (!fake.slots)
        return;
    munmap(fake.arena, fake.slot * fake.slots);
    own_unmap(fake.blocks, fake.slots * sizeof(struct block));
    memset(&fake, 0, sizeof(fake));
}

/* Where nothing was mapped before, so that no pointer that other tests left points into it. */
static inline void *fake_place(size_t size)
{
    static uintptr_t used;
    uintptr_t of_this_file = ((uintptr_t)&fake / sizeof(uintptr_t) % 0x10000) << 28;
    used += size + PAGE_SIZE;
    return (void *)align_down(0x220000000000 + of_this_file + used - size, PAGE_SIZE);
}

static inline void fake_setup(size_t slot, size_t slots)
{
    fake_reset();
    fake.slot = slot;
    fake.slots = slots;
    fake.arena = mmap(fake_place(slot * slots), slot * slots, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    fake.blocks = own_map(slots * sizeof(struct block));
}

/* Index of a new block. Blocks start 16 bytes into their slot. */
static inline size_t fake_new(size_t size)
{
    struct block *block = &fake.blocks[fake.count];
    block->start = (uintptr_t)fake.arena + fake.count * fake.slot + 16;
    block->size = size;
    block->alloc_stack = 1;
    block->alloc_thread = 1;
    block->alloc_function = MMT_FUNCTION_MALLOC;
    atomic_store(&block->state, BLOCK_LIVE);
    return fake.count++;
}

static inline uintptr_t fake_at(size_t index)
{
    return fake.blocks[index].start;
}

/* Stores a pointer `into` bytes into block `to` at word `word` of block `from`. Not inlined, so
 * that its caller keeps no address. */
static NOINLINE __attribute__((unused)) void fake_link(size_t from, size_t word, size_t to,
                                                       size_t into)
{
    ((uintptr_t *)fake_at(from))[word] = fake_at(to) + into;
}

static bool fake_owns(uintptr_t address)
{
    return address - (uintptr_t)fake.arena < fake.slot * fake.slots;
}

static struct block *fake_find(uintptr_t address)
{
    if (!fake_owns(address))
        return NULL;
    size_t index = (address - (uintptr_t)fake.arena) / fake.slot;
    if (index >= fake.count)
        return NULL;
    struct block *block = &fake.blocks[index];
    bool inside = address - block->start < (block->size ? block->size : 1);
    return inside && atomic_load(&block->state) == BLOCK_LIVE ? block : NULL;
}

static void fake_each(bool (*visit)(struct block *block, void *argument), void *argument)
{
    for (size_t i = 0; i < fake.count; i++)
        if (atomic_load(&fake.blocks[i].state) == BLOCK_LIVE && !visit(&fake.blocks[i], argument))
            return;
}

static const struct leak_heap fake_heap = {
    .record = fake_find, .each = fake_each, .owns = fake_owns};

static inline bool fake_marks_clean(void)
{
    for (size_t i = 0; i < fake.count; i++)
        if (fake.blocks[i].leak_mark || fake.blocks[i].leak_leader)
            return false;
    return true;
}

/* ---- what libguard's fault handler does for probe_word() */

static void fake_fault(int signal, siginfo_t *info, void *context)
{
    (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t next = probe_resume((uintptr_t)registers[REG_RIP]);
    if (next)
        registers[REG_RIP] = (greg_t)next;
    else
        (void)!sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
}

static struct sigaction fake_saved[2];

static inline int fake_faults_on(void)
{
    struct sigaction action = {.sa_sigaction = fake_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    return sigaction(SIGSEGV, &action, &fake_saved[0]) ||
           sigaction(SIGBUS, &action, &fake_saved[1]);
}

static inline int fake_faults_off(void)
{
    fake_reset();
    return sigaction(SIGSEGV, &fake_saved[0], NULL) || sigaction(SIGBUS, &fake_saved[1], NULL);
}

#endif
