/* SPDX-License-Identifier: MIT */
#include "alloc/allocate.h"

#include "base/maps.h"
#include "base/probe.h"
#include "diag/cookie.h"
#include "diag/findings.h"
#include "guard/aftermath.h"
#include "guard/damage.h"
#include "guard/guard.h"
#include "alloc/foreign.h"
#include "alloc/operators.h"
#include "diag/address_words.h"
#include "guard/patterns.h"
#include "heap/heap.h"
#include "heap/slack.h"
#include "leak/leak.h"
#include "stack/depot.h"
#include "stack/loaded_symbol.h"
#include "stack/sites.h"
#include "trace/recorder.h"

__thread uint32_t allocate_ignoring __attribute__((tls_model("initial-exec")));

/* No block can be larger than the address space of a process; such a size is an error of the
 * program's, often a negative number. */
#define LARGEST_ADDRESS ((size_t)1 << 47)

/* libc's own allocator. */
NEXT_FUNCTION(void *, __libc_malloc, (size_t));
NEXT_FUNCTION(void *, __libc_calloc, (size_t, size_t));
NEXT_FUNCTION(void *, __libc_memalign, (size_t, size_t));
NEXT_FUNCTION(void, __libc_free, (void *));

/* A block that libc gave before it was initialised itself. It has mapped memory for its main arena
 * then, in place of the process's own heap. */
static uintptr_t early_block;

static NOINLINE void *allocate_in_libc(size_t size, size_t alignment, uint8_t function)
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

static NOINLINE void report_too_large(size_t size, uint8_t function, uint32_t stack)
{
    struct mmt_finding finding = {
        .kind = MMT_ERROR_ALLOCATION_TOO_LARGE, .function = function, .size = size, .stack = stack};
    aftermath_enter(&finding, NULL, NULL);
}

void report_size_overflow(size_t count, size_t size, uint8_t function, struct stack_start start)
{
    guard_enter();
    struct mmt_finding finding = {.kind = MMT_ERROR_CALLOC_OVERFLOW,
                                  .function = function,
                                  .size = size,
                                  .address = count,
                                  .stack = stack_capture(start)};
    aftermath_enter(&finding, NULL, NULL);
}

static NOINLINE void record(const void *memory, const struct heap_request *request)
{
    recorder_add(&(struct mmt_live){.address = (uintptr_t)memory,
                                    .size = request->size,
                                    .stack = request->stack,
                                    .thread = request->thread,
                                    .function = request->function});
}

HOT void *allocate(size_t size, size_t alignment, uint8_t function, struct stack_start start)
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
    if (unlikely(allocate_ignoring && memory))
        leak_ignore((uintptr_t)memory);
    if (unlikely(guard.options.fill == FILL_ALL && memory && function != MMT_FUNCTION_CALLOC))
        pattern_fresh(memory, size);
    if (unlikely(!memory && size >= LARGEST_ADDRESS))
        report_too_large(size, function, request.stack);
    return memory;
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

static void report_damage(struct block *block, uintptr_t damaged, void *unused)
{
    (void)unused;
    if (damage_report(block, damaged, 0))
        block->flags |= BLOCK_REPORTED;
}

static uintptr_t innermost_pc(uint32_t stack)
{
    struct mmt_frame frame;
    return depot_get(stack, &frame, 1) ? frame.pc : 0;
}

/* Whether the malloc or free of a mismatched pair may have been a new or delete inside a module
 * that has a C++ runtime of its own. */
static bool crosses_runtimes(const struct mmt_finding *finding, uint32_t stack)
{
    return (finding->function == MMT_FUNCTION_FREE &&
            operators_inside_module(innermost_pc(stack))) ||
           (finding->alloc_function == MMT_FUNCTION_MALLOC &&
            operators_inside_module(innermost_pc(finding->alloc_stack)));
}

/* Where the pointer points or comes from, if that can be told. */
static const char *describe_pointer(uintptr_t address, enum heap_verdict verdict,
                                    struct mmt_finding *finding, char *text, size_t size)
{
    if (verdict == HEAP_FORGOTTEN)
        return "freed longer ago than the history kept (option history)";
    if (verdict != HEAP_NOT_OURS)
        return NULL;
    if (!pattern_origin(address, finding, text, size))
        address_words(address, text, size);
    return text;
}

/* What a deallocation of `block` found overwritten. */
static void report_written(const struct heap_outcome *outcome, const struct block *block,
                           uint32_t stack)
{
    if (outcome->damage.at && !outcome->explained) {
        struct mmt_finding late = {0};
        struct diagnose_damage damage = {.address = outcome->damage.at,
                                         .expected = SLACK_PATTERN,
                                         .found = outcome->damage.value,
                                         .length = outcome->damage.length};
        diagnose_slack(&damage, block, &late);
        late.stack = stack;
        aftermath_enter(&late, NULL, NULL);
    }
    if (outcome->late)
        report_damage(outcome->late, outcome->late_damaged, NULL);
}

/* A deallocation in the wrong form whose address is off by the cookie of an array, where no block
 * starts: reports it and frees the block that was meant. False if it is none. */
static bool release_by_cookie(const struct diagnose_release *release, struct heap_release *request,
                              const struct heap_outcome *outcome)
{
    struct heap_view view;
    struct heap_outcome meant;
    struct mmt_finding finding = {.stack = request->stack};
    uintptr_t count;
    if (outcome->verdict != HEAP_NOT_START)
        return false;
    heap_look(release->address, &view);
    if (!probe_word(release->address - sizeof(count), &count))
        count = UINTPTR_MAX;
    const struct block *block = cookie_block(release->address, release->function, count, &view);
    if (!block)
        return false;
    diagnose_cookie(release, block, &finding);
    if (!crosses_runtimes(&finding, request->stack))
        aftermath_enter(&finding, NULL, NULL);
    request->address = block->start;
    if (recorder_on())
        recorder_remove(request->address);
    heap_free(request, &meant);
    if (meant.verdict == HEAP_FREED) {
        sites_freed(guard_enter(), meant.before.alloc_stack, request->address, meant.before.size);
        report_written(&meant, &meant.before, request->stack);
    }
    return true;
}

static NOINLINE void report_release(const struct diagnose_release *release,
                                    struct heap_release *request,
                                    const struct heap_outcome *outcome)
{
    struct mmt_finding finding = {0};
    char where[64];
    struct block copy;
    if (outcome->block)
        copy = outcome->verdict == HEAP_FREED ? outcome->before : *outcome->block;
    if (outcome->verdict == HEAP_NOT_OURS && may_be_libc_block(release->address)) {
        NEXT(__libc_free)((void *)release->address);
        return;
    }
    if (outcome->verdict == HEAP_NOT_OURS && foreign_free((void *)release->address))
        return;
    if (release_by_cookie(release, request, outcome))
        return;
    if (diagnose_release(release, outcome, outcome->block ? &copy : NULL, &finding) &&
        !(finding.kind == MMT_ERROR_ALLOC_DEALLOC_MISMATCH &&
          crosses_runtimes(&finding, request->stack))) {
        finding.stack = request->stack;
        aftermath_enter(
            &finding, NULL,
            describe_pointer(release->address, outcome->verdict, &finding, where, sizeof(where)));
    }
    report_written(outcome, &copy, request->stack);
}

void sweep_slack(void)
{
    guard_enter();
    heap_sweep(report_damage, NULL);
}

HOT void release(const struct diagnose_release *release, struct stack_start start)
{
    struct thread *self = guard_enter();
    if (unlikely(guard.passthrough)) {
        NEXT(__libc_free)((void *)release->address);
        return;
    }
    heap_foresee(release->address);
    struct heap_release request = {
        .address = release->address,
        .stack = stack_capture(start),
        .thread = self->info->id,
        .function = release->function,
    };
    if (recorder_on())
        recorder_remove(release->address);
    struct heap_outcome outcome;
    heap_free(&request, &outcome);
    if (likely(outcome.verdict == HEAP_FREED))
        sites_freed(self, outcome.before.alloc_stack, release->address, outcome.before.size);
    /* The commonest pair needs no diagnosis. */
    if (likely(outcome.verdict == HEAP_FREED && !outcome.damage.at && !outcome.late &&
               release->function == MMT_FUNCTION_FREE &&
               outcome.block->alloc_function == MMT_FUNCTION_MALLOC))
        return;
    report_release(release, &request, &outcome);
}
