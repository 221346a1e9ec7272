/* SPDX-License-Identifier: MIT */
#include "entry/allocate.h"

#include "base/maps.h"
#include "base/print.h"
#include "base/probe.h"
#include "diag/findings.h"
#include "entry/client.h"
#include "entry/guard.h"
#include "entry/process.h"
#include "heap/heap.h"
#include "leak/leak.h"
#include "stack/sites.h"
#include "trace/recorder.h"

/* No block can be larger than the address space of a process; such a size is an error of the program's, often a negative number. */
#define LARGEST_ADDRESS ((size_t)1 << 47)

/* libc's own allocator, by names that are not interposed. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

static NOINLINE void *allocate_in_libc(size_t size, size_t alignment, uint8_t function)
{
    if (function == MMT_FUNCTION_CALLOC)
        return __libc_calloc(1, size);
    return alignment > 16 ? __libc_memalign(alignment, size) : __libc_malloc(size);
}

static void enter_finding(struct mmt_finding *finding, struct thread *self, uint32_t stack,
                          const char *where)
{
    finding->thread = self->info->id;
    finding->stack = stack;
    if (finding->flags & MMT_FINDING_BLOCK && thread_is_inherited(finding->alloc_thread))
        finding->flags |= MMT_FINDING_INHERITED;
    if (findings_enter(finding, NULL, where, &guard.process) &&
        guard.options.on_error == ON_ERROR_ABORT)
        process_abort();
}

static NOINLINE void report_too_large(size_t size, uint8_t function, uint32_t stack,
                                      struct thread *self)
{
    struct mmt_finding finding = {
        .kind = MMT_ERROR_ALLOCATION_TOO_LARGE, .function = function, .size = size};
    enter_finding(&finding, self, stack, NULL);
}

void report_size_overflow(size_t count, size_t size, uint8_t function, struct stack_start start)
{
    struct thread *self = guard_enter();
    struct mmt_finding finding = {
        .kind = MMT_ERROR_CALLOC_OVERFLOW, .function = function, .size = size, .address = count};
    enter_finding(&finding, self, stack_capture(start), NULL);
}

static NOINLINE void record(const void *memory, const struct heap_request *request)
{
    recorder_add(&(struct mmt_live){.address = (uintptr_t)memory,
                                    .size = request->size,
                                    .stack = request->stack,
                                    .thread = request->thread,
                                    .function = request->function});
}

void *allocate(size_t size, size_t alignment, uint8_t function, struct stack_start start)
{
    struct thread *self = guard_enter();
    if (unlikely(guard.passthrough))
        return allocate_in_libc(size, alignment, function);
    struct heap_request request = {
        .size = size,
        .alignment = alignment,
        .stack = stack_capture(start),
        .thread = self->info->id,
        .function = function,
        .zero = function == MMT_FUNCTION_CALLOC,
    };
    void *memory = heap_alloc(&request);
    if (likely(memory != NULL))
        sites_allocated(self, request.stack, (uintptr_t)memory, size);
    if (recorder_on() && memory)
        record(memory, &request);
    if (unlikely(client_ignoring && memory))
        leak_ignore((uintptr_t)memory);
    if (unlikely(!memory && size >= LARGEST_ADDRESS))
        report_too_large(size, function, request.stack, self);
    return memory;
}

/* The bits that glibc keeps in the size of a block. */
#define LIBC_IN_MAPPING   2
#define LIBC_IN_SUBHEAP   4
#define LIBC_BITS         7
#define LIBC_SUBHEAP_SIZE ((uintptr_t)64 << 20)

/* Blocks of all arenas but the first lie in aligned stretches, each of which starts with where its arena is, the stretch before it in the arena, how
 * much of it is in use and how much is accessible. The first of an arena holds the arena right behind this. */
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

bool may_be_libc_block(uintptr_t address)
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
    if (kind == LIBC_IN_SUBHEAP)
        return size >= 32 && size % 16 == 0 && in_libc_subheap(address, size);
    /* A block that glibc mapped for itself: its length fits the pages. */
    return kind == LIBC_IN_MAPPING && address % PAGE_SIZE == 16 && before % 16 == 0 &&
           (before + size) % PAGE_SIZE == 0 && size <= entry.end - address + 16;
}

/* What an address outside the heap belongs to, for the report. */
static void describe_foreign(uintptr_t address, char *text, size_t size)
{
    struct maps_entry entry;
    char path[64];
    struct print p;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    print_to_buffer(&p, text, size);
    if (!maps_find(address, &entry, path, sizeof(path)))
        print_text(&p, "not mapped");
    else if (text_equal(path, "[stack]") || (address > here && entry.start <= here))
        print_text(&p, "on the stack");
    else if (path[0])
        print_text(&p, "in "), print_text(&p, path);
    else
        print_text(&p, "in memory that was not allocated on the heap");
    print_end(&p);
}

/* Damage that was found some time after it was done: around a live block, or in a freed one. */
static void report_damage(struct block *block, uintptr_t damaged, void *argument)
{
    struct thread *self = argument;
    struct mmt_finding finding = {0};
    struct block copy = *block;
    block->flags |= BLOCK_REPORTED | BLOCK_WRITTEN;
    diagnose_late(damaged, &copy, &finding);
    enter_finding(&finding, self, 0, NULL);
}

static NOINLINE void report_release(const struct diagnose_release *release,
                                    const struct heap_outcome *outcome, uint32_t stack,
                                    struct thread *self)
{
    struct mmt_finding finding = {0};
    char where[64] = "";
    struct block copy;
    if (outcome->block)
        copy = outcome->verdict == HEAP_FREED ? outcome->before : *outcome->block;
    if (outcome->verdict == HEAP_NOT_OURS) {
        if (may_be_libc_block(release->address)) {
            __libc_free((void *)release->address);
            return;
        }
        describe_foreign(release->address, where, sizeof(where));
    }
    if (outcome->verdict == HEAP_FORGOTTEN) {
        struct print p;
        print_to_buffer(&p, where, sizeof(where));
        print_text(&p, "freed longer ago than the history kept (option history)");
        print_end(&p);
    }
    if (diagnose_release(release, outcome, outcome->block ? &copy : NULL, &finding))
        enter_finding(&finding, self, stack, where);
    if (outcome->damaged && !outcome->explained) {
        struct mmt_finding damage = {0};
        diagnose_slack(outcome->damaged, &copy, &damage);
        enter_finding(&damage, self, stack, NULL);
    }
    if (outcome->late)
        report_damage(outcome->late, outcome->late_damaged, self);
}

void sweep_slack(void)
{
    heap_sweep(report_damage, guard_enter());
}

void release(const struct diagnose_release *release, struct stack_start start)
{
    struct thread *self = guard_enter();
    if (unlikely(guard.passthrough)) {
        __libc_free((void *)release->address);
        return;
    }
    struct heap_release request = {
        .address = release->address,
        .stack = stack_capture(start),
        .thread = self->info->id,
        .function = release->function,
    };
    if (recorder_on())
        recorder_remove(release->address);
    struct heap_outcome outcome = heap_free(&request);
    if (likely(outcome.verdict == HEAP_FREED))
        sites_freed(self, outcome.before.alloc_stack, release->address, outcome.before.size);
    /* The commonest pair needs no diagnosis. */
    if (likely(outcome.verdict == HEAP_FREED && !outcome.damaged && !outcome.late &&
               release->function == MMT_FUNCTION_FREE &&
               outcome.block->alloc_function == MMT_FUNCTION_MALLOC))
        return;
    report_release(release, &outcome, request.stack, self);
}
