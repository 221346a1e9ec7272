/* SPDX-License-Identifier: MIT
 *
 * The heap through heap.h, each test in a process of its own and with each backend that works here.
 */
#include <pthread.h>
#include <string.h>

#include "base/bits.h"
#include "base/thread.h"
#include "fake_heap.h"
#include "heap/guarded.h"
#include "heap/heap.h"
#include "heap/policy.h"
#include "in_child.h"
#include "page/backend.h"
#include "unit.h"

SUITE("heap", fake_faults_on, fake_faults_off);

static bool start(struct heap_options options, const void *backend)
{
    options.backend = *(const int *)backend;
    if (!options.alignment)
        options.alignment = 16;
    if (!options.guard)
        options.guard = POLICY_ALL;
    if (!options.revoke)
        options.revoke = POLICY_NOW;
    if (!options.history)
        options.history = 100000;
    return heap_init(&options) == 0;
}

#define START(...)                                                                                 \
    if (!start((struct heap_options){__VA_ARGS__}, backend))                                       \
    return IN_CHILD_SKIPPED

static char *alloc_at(size_t size, size_t alignment, uint32_t stack)
{
    struct heap_request request = {.size = size,
                                   .alignment = alignment,
                                   .stack = stack,
                                   .thread = 1,
                                   .function = MMT_FUNCTION_MALLOC};
    return heap_alloc(&request);
}

static char *alloc(size_t size)
{
    return alloc_at(size, 0, 2);
}

static struct heap_outcome release(const void *address)
{
    struct heap_release release = {
        .address = (uintptr_t)address, .stack = 4, .thread = 1, .function = MMT_FUNCTION_FREE};
    struct heap_outcome outcome;
    heap_free(&release, &outcome);
    return outcome;
}

static int verdicts(const void *backend)
{
    START();
    char *a = alloc(20), *b = alloc(20);
    REQUIRE(a && b && (uintptr_t)a % 16 == 0 && heap_owns((uintptr_t)a));
    REQUIRE((uintptr_t)a % PAGE_SIZE == PAGE_SIZE - 32);
    REQUIRE(page_faults(a + 32) && page_faults(a - PAGE_SIZE));
    struct block *block = heap_block_at((uintptr_t)a);
    REQUIRE(block && block->size == 20 && block->alloc_stack == 2 && block->alloc_thread == 1);
    REQUIRE(!heap_block_at((uintptr_t)a + 1) && heap_find_live((uintptr_t)a + 19) == block);
    REQUIRE(!heap_find_live((uintptr_t)a + 20));

    struct heap_outcome outcome = release(a + 4);
    REQUIRE(outcome.verdict == HEAP_NOT_START && outcome.as_was.start == block->start);
    outcome = release(a + 40);
    REQUIRE(outcome.verdict == HEAP_NOT_START && outcome.as_was.start == block->start);
    REQUIRE(release(&outcome).verdict == HEAP_NOT_OURS);
    REQUIRE(release(a + ((size_t)1 << 35)).verdict == HEAP_NO_BLOCK);

    outcome = release(a);
    REQUIRE(outcome.verdict == HEAP_FREED && outcome.as_was.start == block->start &&
            !outcome.damage.at);
    REQUIRE(outcome.as_was.size == 20 && block->free_stack == 4 && !outcome.late);
    REQUIRE(page_faults(a) && !page_faults(b));
    outcome = release(a);
    REQUIRE(outcome.verdict == HEAP_WAS_FREED && outcome.as_was.start == block->start);
    REQUIRE(heap_open_page((uintptr_t)a, true) && *a == 0);

    struct heap_view view;
    heap_look((uintptr_t)a + 5, &view);
    REQUIRE(view.owned && view.has_before && view.before.start == (uintptr_t)a);
    REQUIRE(view.before.state == BLOCK_FREED && view.before_record == block);
    b[22] = 1;
    REQUIRE(release(b).damage.at == (uintptr_t)b + 22);
    return 0;
}

static int sizes(const void *backend)
{
    START();
    for (size_t size = 0; size < (size_t)40 << 20; size += size / 3 + 1)
        for (size_t alignment = 0; alignment <= (size_t)4 << 20;
             alignment = alignment ? alignment * 32 : 1) {
            struct heap_request request = {.size = size, .alignment = alignment, .zero = true};
            char *block = heap_alloc(&request);
            REQUIRE(block && (uintptr_t)block % max_size(alignment, 16) == 0);
            REQUIRE(size < 1 || (block[0] == 0 && block[size / 2] == 0 && block[size - 1] == 0));
            memset(block, 'x', min_size(size, 10000));
            REQUIRE(heap_block_at((uintptr_t)block)->size == size);
            REQUIRE(page_faults((char *)align_up((uintptr_t)block + size, PAGE_SIZE)));
            struct heap_outcome outcome = release(block);
            REQUIRE(outcome.verdict == HEAP_FREED && !outcome.damage.at && page_faults(block));
        }
    REQUIRE(!alloc((size_t)1 << 47) && !alloc(SIZE_MAX));
    return 0;
}

static int placement_start(const void *backend)
{
    START(.placement = HEAP_PLACEMENT_START);
    for (size_t size = 1; size < 20000; size += 999) {
        char *block = alloc(size);
        REQUIRE((uintptr_t)block % PAGE_SIZE == 0 && page_faults(block - 1));
        block[size] = 1;
        REQUIRE(release(block).damage.at == (size % PAGE_SIZE ? (uintptr_t)block + size : 0));
    }
    return 0;
}

static int placement_alternate(const void *backend)
{
    START(.placement = HEAP_PLACEMENT_ALTERNATE);
    for (int i = 0; i < 3; i++) {
        REQUIRE((uintptr_t)alloc_at(16, 0, 11) % PAGE_SIZE == 0);
        REQUIRE((uintptr_t)alloc_at(16, 0, 12) % PAGE_SIZE == PAGE_SIZE - 16);
    }
    return 0;
}

static int alignment_one(const void *backend)
{
    START(.alignment = 1);
    for (size_t size = 1; size < 9000; size += 37) {
        char *block = alloc(size);
        REQUIRE((uintptr_t)(block + size) % PAGE_SIZE == 0 && page_faults(block + size));
    }
    return 0;
}

static bool guarded(const char *address)
{
    return !(heap_block_at((uintptr_t)address)->flags & BLOCK_UNGUARDED);
}

static int guard_fair(const void *backend)
{
    enum { BLOCKS = 20000, A = 0x70000001, B }; /* stacks that the depot does not have */
    static char *blocks[BLOCKS];
    START(.guard = POLICY_FAIR);
    int count = 0;
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = alloc_at(40, 0, A);
        REQUIRE(i >= 64 || guarded(blocks[i]));
        count += guarded(blocks[i]);
    }
    REQUIRE(count > 50 && count < 500);
    REQUIRE(guarded(alloc_at(40, 0, B)) && guarded(alloc_at(64 << 10, 0, A)));
    struct heap_counters counters;
    heap_count(&counters);
    REQUIRE(counters.blocks_live == BLOCKS + 2 && counters.allocations == BLOCKS + 2);
    REQUIRE(counters.blocks_unguarded == (uint64_t)(BLOCKS - count) && counters.frees == 0);
    REQUIRE(counters.bytes_live == 40u * (BLOCKS + 1) + (64 << 10));
    for (int i = 0; i < BLOCKS; i++)
        REQUIRE(release(blocks[i]).verdict == HEAP_FREED);
    heap_count(&counters);
    REQUIRE(counters.blocks_live == 2 && counters.frees == BLOCKS);
    return 0;
}

static bool all_guarded(int count)
{
    bool all = true;
    for (int i = 0; i < count; i++) {
        char *block = alloc_at(40, 0, 0x70000003);
        all &= guarded(block);
        release(block);
    }
    return all;
}

static int guard_auto(const void *backend)
{
    enum { FIRST = 150000, PLACE = 64 };
    START(.guard = POLICY_AUTO);
    REQUIRE(all_guarded(FIRST + PLACE) && !all_guarded(PLACE));
    REQUIRE(guarded(alloc_at(40, 0, 0x70000004)) && guarded(alloc_at(64 << 10, 0, 0x70000003)));
    return 0;
}

static int guard_one_in(const void *backend)
{
    START(.guard = 4);
    int count = 0;
    for (int i = 0; i < 400; i++)
        count += guarded(alloc(100));
    REQUIRE(count == 100);
    return 0;
}

static int revoke_batch(const void *backend)
{
    START(.revoke = 8);
    char *blocks[8];
    for (int i = 0; i < 8; i++)
        blocks[i] = alloc(100);
    for (int i = 0; i < 7; i++) {
        struct heap_outcome outcome = release(blocks[i]);
        REQUIRE(outcome.verdict == HEAP_FREED && !outcome.late);
    }
    REQUIRE(!page_faults(blocks[0]) && release(blocks[0]).verdict == HEAP_WAS_FREED);
    blocks[3][50] ^= 1;
    struct heap_outcome outcome = {0};
    for (int i = 7; i < 20 && !outcome.late; i++)
        outcome = release(i == 7 ? blocks[7] : alloc(100));
    REQUIRE(outcome.late && outcome.late->start == (uintptr_t)blocks[3]);
    REQUIRE(outcome.late_damaged == (uintptr_t)blocks[3] + 50);
    /* What it holds can be looked at, until the next time. */
    for (int i = 0; i < 7; i++)
        REQUIRE(page_faults(blocks[i]) == (i != 3));
    for (int i = 0; i < 8; i++)
        REQUIRE(!release(alloc(100)).late);
    REQUIRE(page_faults(blocks[3]));
    return 0;
}

static int history(const void *backend)
{
    START(.history = 2000);
    char *first = alloc(100), *last = NULL;
    release(first);
    REQUIRE(release(first).verdict == HEAP_WAS_FREED);
    for (int i = 0; i < 20000; i++) {
        last = alloc(100);
        release(last);
    }
    struct heap_view view;
    REQUIRE(release(last).verdict == HEAP_WAS_FREED);
    REQUIRE(release(first).verdict == HEAP_FORGOTTEN && page_faults(first));
    heap_look((uintptr_t)first, &view);
    REQUIRE(view.owned && view.forgotten && !heap_find_live((uintptr_t)first));
    REQUIRE(heap_open_page((uintptr_t)first, true) && *first == 0);
    return 0;
}

/* Blocks of 1000 bytes through the quarantine until it gives the first ones out again. */
static int compact(const void *backend)
{
    enum { ROUNDS = 90000 };
    START(.guard = 1000000);
    char *first = alloc(1000), *spoilt = alloc(1000), *other = alloc(1000);
    REQUIRE(!guarded(first) && (uintptr_t)first % 16 == 0 && !page_faults(first + 1000));
    other[1001] = 1;
    REQUIRE(release(other).damage.at == (uintptr_t)other + 1001);
    other = alloc(1000);
    other[-1] ^= 1;
    REQUIRE(release(other).damage.at == (uintptr_t)other - 1);
    release(first);
    release(spoilt);
    REQUIRE(release(first).verdict == HEAP_WAS_FREED);
    REQUIRE(release(first + 8).verdict == HEAP_NOT_START);
    spoilt[77] ^= 1;
    int late = 0, again = 0;
    for (int i = 0; i < ROUNDS; i++) {
        char *block = alloc(1000);
        again += block == first;
        REQUIRE(block != spoilt);
        memset(block, 'x', 1000);
        struct heap_outcome outcome = release(block);
        REQUIRE(outcome.verdict == HEAP_FREED && !outcome.damage.at);
        if (outcome.late) {
            late++;
            REQUIRE(outcome.late_damaged == (uintptr_t)spoilt + 77);
        }
    }
    REQUIRE(late == 1 && again > 0);
    return 0;
}

/* The neighbour is the block's own, however much unused address space lies between. */
static int unused_neighbours(const void *backend)
{
    START(.placement = HEAP_PLACEMENT_START);
    struct heap_view view;
    char *block = alloc(100), *large = alloc(20000);
    heap_look((uintptr_t)block - 1, &view);
    REQUIRE(view.has_after && view.after.start == (uintptr_t)block && !view.has_before);
    heap_look((uintptr_t)block - 3 * PAGE_SIZE, &view);
    REQUIRE(view.owned && view.has_after && view.after.start == (uintptr_t)block);
    heap_look((uintptr_t)large - 1, &view);
    REQUIRE(view.has_after && view.after.start == (uintptr_t)large);
    heap_look((uintptr_t)block + 10 * PAGE_SIZE, &view);
    REQUIRE(view.has_before && view.before.start == (uintptr_t)block);
    return 0;
}

static struct {
    int count;
    uintptr_t damaged;
} seen;

static void see_damage(struct block *block, uintptr_t damaged, void *argument)
{
    (void)block, (void)argument;
    seen.count++;
    seen.damaged = damaged;
}

static bool stop_at_second(struct block *block, void *argument)
{
    (void)block;
    return ++*(int *)argument < 2;
}

static int sweep(const void *backend)
{
    START();
    char *blocks[20];
    for (int i = 0; i < 20; i++)
        blocks[i] = alloc((size_t)i * 1000 + 5);
    heap_sweep(see_damage, NULL);
    REQUIRE(seen.count == 0);
    blocks[7][7006] = 1;
    heap_sweep(see_damage, NULL);
    REQUIRE(seen.count == 1 && seen.damaged == (uintptr_t)blocks[7] + 7006);
    heap_block_at((uintptr_t)blocks[7])->flags |= BLOCK_WRITTEN;
    heap_sweep(see_damage, NULL);
    REQUIRE(seen.count == 1);
    int visited = 0;
    heap_each_live(stop_at_second, &visited);
    REQUIRE(visited == 2);
    return 0;
}

/* More pages than may wait for blocks: they go back to the kernel, many at a time, and nothing else
 * does. */
static int spares_given_back(const void *backend)
{
    enum { BLOCKS = 3000, WAITING = 600, STEP = 1021 };
    static char *blocks[BLOCKS];
    START(.budget = POLICY_BUDGET_NONE);
    guarded_limit_spares(WAITING);
    for (size_t i = 0; i < BLOCKS; i++)
        memset(blocks[i] = alloc(200), 'x', 200);
    char *kept = alloc(200);
    memset(kept, 'k', 200);
    for (size_t i = 0; i < BLOCKS; i++) {
        char *block = blocks[i * STEP % BLOCKS];
        REQUIRE(release(block).verdict == HEAP_FREED && page_faults(block));
    }
    /* What the thread has for itself, and the block that is live. */
    REQUIRE(guarded_pages() <= WAITING + 512 + 1);
    REQUIRE(kept[0] == 'k' && kept[199] == 'k');
    for (size_t i = 0; i < BLOCKS; i++) {
        struct heap_request request = {.size = 200, .zero = true};
        char *block = heap_alloc(&request);
        REQUIRE(block && block[0] == 0 && block[199] == 0 && page_faults(block + 208));
        REQUIRE(page_faults(blocks[i]));
    }
    return 0;
}

static void *use_and_end(void *unused)
{
    char *kept = alloc(300);
    for (int i = 0; i < 1000; i++)
        release(alloc(300));
    heap_thread_end();
    thread_end();
    return unused ? unused : kept;
}

static int threads(const void *backend)
{
    START();
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        void *kept;
        REQUIRE(pthread_create(&thread, NULL, use_and_end, NULL) == 0);
        pthread_join(thread, &kept);
        REQUIRE(release(kept).verdict == HEAP_FREED && page_faults(kept));
    }
    struct heap_counters counters;
    heap_count(&counters);
    REQUIRE(counters.allocations == 20020 && counters.frees == 20020 && !counters.blocks_live);
    return 0;
}

static int go_on_in_child(const void *argument)
{
    char *inherited = *(char *const *)argument;
    thread_after_fork();
    heap_after_fork();
    REQUIRE(*inherited == 'i' && release(inherited).verdict == HEAP_FREED);
    REQUIRE(page_faults(inherited));
    for (int i = 0; i < 1000; i++) {
        char *block = alloc(500);
        REQUIRE(block && page_faults(block + 512));
        release(block);
        REQUIRE(page_faults(block));
    }
    return 0;
}

static int forking(const void *backend)
{
    START();
    char *block = alloc(100);
    *block = 'i';
    REQUIRE(in_child(go_on_in_child, &block) == 0);
    REQUIRE(*block == 'i' && release(block).verdict == HEAP_FREED);
    return 0;
}

#define EACH_BACKEND(test, title)                                                                  \
    TEST(test##_each, title)                                                                       \
    {                                                                                              \
        for (int backend = 1; backend <= 3; backend++)                                             \
            assert_in_child(test, &backend);                                                       \
    }

EACH_BACKEND(verdicts, "verdicts")
EACH_BACKEND(sizes, "sizes and alignments")
EACH_BACKEND(placement_start, "placement=start")
EACH_BACKEND(placement_alternate, "placement=alternate")
EACH_BACKEND(alignment_one, "align=1")
EACH_BACKEND(guard_fair, "guard=fair")
EACH_BACKEND(guard_auto, "guard=auto")
EACH_BACKEND(guard_one_in, "guard=4")
EACH_BACKEND(revoke_batch, "revoke=batch:8")
EACH_BACKEND(history, "history is dropped")
EACH_BACKEND(compact, "compact heap: reuse and late damage")
EACH_BACKEND(unused_neighbours, "neighbours across unused address space")
EACH_BACKEND(sweep, "sweep and walk")
EACH_BACKEND(spares_given_back, "spares are given back")
EACH_BACKEND(threads, "threads end")
EACH_BACKEND(forking, "fork")
