/* SPDX-License-Identifier: MIT */
#include "leak/leak.h"

#include <signal.h>
#include <time.h>
#include <ucontext.h>

#include "base/bits.h"
#include "base/debug.h"
#include "base/lock.h"
#include "base/own_memory.h"
#include "base/sys.h"
#include "heap/heap.h"
#include "leak/dead_stacks.h"
#include "leak/declared.h"
#include "leak/mark.h"
#include "leak/present.h"
#include "leak/regions.h"
#include "leak/roots.h"
#include "leak/sort_records.h"
#include "leak/world.h"

#define LOCK_PATIENCE ((uint64_t)5000000000u)
#define FIRST_GROUPS  1024

static int pointers_looked_for;

int leak_init(int pointers)
{
    pointers_looked_for = pointers;
    dead_stacks_init();
    return world_init();
}

int leak_stop_signal(void)
{
    return world_signal();
}

void leak_on_request(bool (*act)(const siginfo_t *info, const void *context))
{
    world_on_request(act);
}

void leak_on_stray(void (*act)(int signal, siginfo_t *info, void *context))
{
    world_on_stray(act);
}

/* ---- groups: a hash table while they are collected, a list afterwards. An entry without blocks is
 * free. */

static struct leak_group *group_place(struct leak_group *table, size_t capacity,
                                      const struct leak_group *key)
{
    uint64_t hash = ((uint64_t)key->stack << 32 | key->thread) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29 ^ (uint64_t)key->holder << 16 ^ (uint64_t)key->function << 8 ^ key->kind;
    hash *= 0xbf58476d1ce4e5b9u;
    for (size_t at = hash >> 32 & (capacity - 1);; at = (at + 1) & (capacity - 1)) {
        struct leak_group *group = &table[at];
        if (!group->blocks || (group->stack == key->stack && group->thread == key->thread &&
                               group->function == key->function && group->kind == key->kind &&
                               group->holder == key->holder))
            return group;
    }
}

static bool groups_grow(struct leak_result *result)
{
    size_t capacity = result->group_capacity ? result->group_capacity * 2 : FIRST_GROUPS;
    struct leak_group *table = own_map(capacity * sizeof(*table));
    if (!table)
        return false;
    for (size_t i = 0; i < result->group_capacity; i++)
        if (result->groups[i].blocks)
            *group_place(table, capacity, &result->groups[i]) = result->groups[i];
    if (result->groups)
        own_unmap(result->groups, result->group_capacity * sizeof(*table));
    result->groups = table;
    result->group_capacity = capacity;
    return true;
}

struct collection {
    struct leak_result *result;
    const struct mark *mark; /* NULL: nothing was marked */
};

static bool leak_collect(struct block *block, void *argument)
{
    struct collection *collection = argument;
    struct leak_result *result = collection->result;
    if (mark_inherited(block) || block->flags & BLOCK_IGNORED)
        return true;
    if (result->group_count * 4 >= result->group_capacity * 3 && !groups_grow(result)) {
        result->failure = "no memory for the list of leaks";
        return false;
    }
    struct leak_group key = {.stack = block->alloc_stack,
                             .thread = block->alloc_thread,
                             .function = block->alloc_function,
                             .kind = collection->mark ? (uint8_t)mark_kind(block)
                                                      : (uint8_t)MMT_LEAK_REACHABLE};
    if (collection->mark)
        key.holder = mark_holder(collection->mark, block);
    struct leak_group *group = group_place(result->groups, result->group_capacity, &key);
    if (!group->blocks) {
        key.address = block->start;
        *group = key;
        result->group_count++;
    }
    uint64_t blocks = 0, bytes = 0;
    if (collection->mark)
        mark_indirect(collection->mark, block, &blocks, &bytes);
    group->blocks++;
    group->bytes += block->size;
    group->indirect_blocks += blocks;
    group->indirect_bytes += bytes;
    result->blocks[key.kind]++;
    result->bytes[key.kind] += block->size;
    return true;
}

static bool group_before(const void *first, const void *second)
{
    const struct leak_group *a = first, *b = second;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes;
    if (a->stack != b->stack)
        return a->stack < b->stack;
    if (a->thread != b->thread)
        return a->thread < b->thread;
    if (a->function != b->function)
        return a->function < b->function;
    if (a->kind != b->kind)
        return a->kind < b->kind;
    return a->holder < b->holder;
}

static void groups_finish(struct leak_result *result)
{
    size_t used = 0;
    for (size_t i = 0; i < result->group_capacity; i++)
        if (result->groups[i].blocks)
            result->groups[used++] = result->groups[i];
    sort_records(result->groups, used, sizeof(*result->groups), group_before);
}

/* ---- the check */

static bool hold_ignored(struct block *block, void *argument)
{
    if (block->flags & BLOCK_IGNORED)
        mark_held(argument, block);
    return true;
}

/* A block that a pool hands out in pieces: pointers into it are pointers to the pieces, so none may
 * be left that tells of the block itself. */
static bool hold_pool(struct block *piece, void *argument)
{
    struct block *pool = heap_find_live(piece->start);
    if (pool)
        mark_held(argument, pool);
    return true;
}

static struct block *record_any(uintptr_t address)
{
    struct block *piece = declared_find(address);
    return piece ? piece : heap_record(address);
}

static void each_any(bool (*visit)(struct block *block, void *argument), void *argument)
{
    declared_each(visit, argument);
    heap_each_live(visit, argument);
}

static const struct leak_heap guarded_heap = {
    .record = heap_record, .each = heap_each_live, .owns = heap_owns};
static const struct leak_heap guarded_heap_and_pieces = {
    .record = record_any, .each = each_any, .owns = heap_owns, .next_piece = declared_next};
static _Atomic bool any_ignored;

struct caller {
    uintptr_t frame;
    const ucontext_t *interrupted;
    bool last;
};

/* A last check has stopped the other threads and left them so. */
static bool threads_stand;

void leak_let_threads_go(void)
{
    if (threads_stand)
        world_resume();
    threads_stand = false;
}

static void search(struct leak_result *result, struct mark *mark, struct present *present,
                   const struct caller *caller)
{
    struct regions regions = {0};
    if (mark->heap == &guarded_heap && !declared_arrange())
        result->failure = "no memory for a list of the pieces of pools";
    else if (declared_any())
        mark->heap = &guarded_heap_and_pieces;
    /* First, since it may give memory back that the table of mappings would name. */
    mark_begin(mark, &regions, present, result->threads_unstopped != 0);
    if (!result->failure)
        result->failure = regions_read(&regions);
    if (!result->failure) {
        struct roots roots = {.mark = mark,
                              .regions = &regions,
                              .present = present,
                              .frame = caller->frame,
                              .interrupted = caller->interrupted,
                              .unstopped = result->threads_unstopped,
                              .declared = declared_each_root};
        roots_scan(&roots);
        if (any_ignored)
            mark->heap->each(hold_ignored, mark);
        declared_each(hold_ignored, mark);
        declared_each(hold_pool, mark);
        result->root_bytes = roots.bytes;
        result->failure = roots.failure ? roots.failure : mark_finish(mark);
        if (mark->doubted)
            result->doubt = "memory that the program made inaccessible could not be read "
                            "(/proc/self/mem); blocks that only it may hold count as possibly lost";
        struct collection collection = {result, mark};
        if (!result->failure)
            mark->heap->each(leak_collect, &collection);
    }
    regions_free(&regions);
    mark_end(mark);
    declared_arrange_end();
}

static void check_locked(struct leak_result *result, const struct leak_heap *heap,
                         const struct caller *caller)
{
    struct mark mark;
    struct present present;
    struct world_count count;
    if (mark_reserve(&mark, heap)) {
        result->failure = "no memory for a list of the blocks";
        return;
    }
    mark.pointers = pointers_looked_for;
    present_open(&present);
    result->failure = world_stop(&count);
    if (result->failure) {
        mark_end(&mark);
    } else {
        result->threads = count.threads;
        result->threads_unstopped = count.unstopped;
        result->unstopped_reasons = count.reasons;
        DEBUG_LINE(DEBUG_LEAK, "world stopped", {"threads", count.threads},
                   {"unstopped", count.unstopped});
        search(result, &mark, &present, caller);
        DEBUG_LINE(DEBUG_LEAK, "searched", {"definite", result->blocks[MMT_LEAK_DEFINITE]},
                   {"reachable", result->blocks[MMT_LEAK_REACHABLE]}, {"resumed", !caller->last});
        if (caller->last)
            threads_stand = true;
        else
            world_resume();
    }
    present_close(&present);
}

/* Reading what cannot be read raises a fault, which kills a thread that has the fault's signal
 * blocked; so locks must not block these here. */
static void unblock_faults(void)
{
    uint64_t faults = (uint64_t)1 << (SIGSEGV - 1) | (uint64_t)1 << (SIGBUS - 1);
    sys_sigmask(SIG_UNBLOCK, &faults, NULL);
}

static _Atomic bool held;

static bool leak_enter(uint64_t *mask)
{
    const uint64_t deadline = sys_clock(CLOCK_MONOTONIC) + LOCK_PATIENCE;
    while (lock_enter_within(LOCK_LEAK_CHECK, LOCK_PATIENCE, mask)) {
        if (!held)
            return true;
        lock_leave(LOCK_LEAK_CHECK, *mask);
        if (sys_clock(CLOCK_MONOTONIC) > deadline)
            return false;
        sys_sleep(1000000);
    }
    return false;
}

void leak_hold(void)
{
    uint64_t mask;
    held = true;
    if (lock_enter_within(LOCK_LEAK_CHECK, LOCK_PATIENCE, &mask))
        lock_leave(LOCK_LEAK_CHECK, mask);
}

void leak_let_go(void)
{
    held = false;
}

static void check(struct leak_result *result, const struct leak_heap *heap,
                  const struct caller *caller)
{
    uint64_t begin = sys_clock(CLOCK_MONOTONIC), mask;
    *result = (struct leak_result){0};
    if (!leak_enter(&mask)) {
        result->failure = "another leak check does not come to an end";
        return;
    }
    unblock_faults();
    check_locked(result, heap, caller);
    lock_leave(LOCK_LEAK_CHECK, mask);
    if (result->failure)
        leak_result_free(result);
    else
        groups_finish(result);
    result->done = !result->failure;
    result->duration = sys_clock(CLOCK_MONOTONIC) - begin;
}

/* From here on in C; called by leak_check_heap(). */
__attribute__((visibility("hidden"), used)) void
leak_check_from(struct leak_result *result, const struct leak_heap *heap, uintptr_t frame)
{
    check(result, heap, &(struct caller){.frame = frame});
}

/* Puts the caller's registers, which may hold its only pointers, on the stack, and passes the place
 * on: the stack is scanned from there. Not in C, since a frame that the compiler lays out has gaps
 * with remains of earlier calls. */
__asm__(".text\n"
        ".p2align 4\n"
        ".globl leak_check_heap\n"
        ".hidden leak_check_heap\n"
        ".type leak_check_heap, @function\n"
        "leak_check_heap:\n"
        "    .cfi_startproc\n"
        "    push %rbx\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    push %rbp\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset %rbp, 0\n"
        "    push %r12\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    push %r13\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    push %r14\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    push %r15\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    mov %rsp, %rdx\n"
        "    sub $8, %rsp\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    call leak_check_from\n"
        "    add $56, %rsp\n"
        "    .cfi_adjust_cfa_offset -56\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size leak_check_heap, . - leak_check_heap\n");

void leak_check_above(struct leak_result *result, uintptr_t frame, bool last)
{
    check(result, &guarded_heap, &(struct caller){.frame = frame, .last = last});
}

void leak_check_interrupted(struct leak_result *result, const void *context, bool last)
{
    check(result, &guarded_heap, &(struct caller){.interrupted = context, .last = last});
}

void leak_list(struct leak_result *result, const char *reason)
{
    *result = (struct leak_result){0};
    struct collection collection = {result, NULL};
    heap_each_live(leak_collect, &collection);
    groups_finish(result);
    result->failure = reason;
}

static bool note_own(struct block *block, void *argument)
{
    *(bool *)argument = !mark_inherited(block);
    return mark_inherited(block);
}

bool leak_any_own(void)
{
    bool any = false;
    heap_each_live(note_own, &any);
    return any;
}

const struct block *leak_ignore(uintptr_t address)
{
    struct block *block = heap_find_live(address);
    if (block) {
        block->flags |= BLOCK_IGNORED;
        any_ignored = true;
    }
    return block;
}

void leak_result_free(struct leak_result *result)
{
    if (result->groups)
        own_unmap(result->groups, result->group_capacity * sizeof(*result->groups));
    result->groups = NULL;
    result->group_count = result->group_capacity = 0;
}
