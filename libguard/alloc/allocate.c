/* SPDX-License-Identifier: MIT */
#include "alloc/allocate.h"

#include "alloc/libc_block.h"
#include "diag/findings.h"
#include "guard/aftermath.h"
#include "guard/guard.h"
#include "guard/patterns.h"
#include "leak/leak.h"
#include "stack/sites.h"
#include "trace/recorder.h"

__thread uint32_t allocate_ignoring __attribute__((tls_model("initial-exec")));

/* No block can be larger than the address space of a process; such a size is an error of the
 * program's, often a negative number. */
#define LARGEST_ADDRESS ((size_t)1 << 47)

static NOINLINE void report_too_large(const struct heap_request *request)
{
    struct mmt_finding finding = {.kind = MMT_ERROR_ALLOCATION_TOO_LARGE,
                                  .function = request->function,
                                  .size = request->size,
                                  .stack = request->stack};
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

HOT void *allocate_captured(struct thread *self, const struct heap_request *request)
{
    void *memory = heap_alloc(request);
    if (unlikely(!memory)) {
        if (request->size >= LARGEST_ADDRESS)
            report_too_large(request);
        return NULL;
    }
    sites_allocated(self, request->stack, (uintptr_t)memory, request->size);
    if (recorder_on())
        record(memory, request);
    if (unlikely(allocate_ignoring))
        leak_ignore((uintptr_t)memory);
    if (unlikely(guard.options.fill == FILL_ALL && !request->zero))
        pattern_fresh(memory, request->size);
    return memory;
}

HOT void *allocate(size_t size, size_t alignment, uint8_t function, struct stack_start start)
{
    struct thread *self = guard_enter();
    if (unlikely(guard.passthrough))
        return libc_block_allocate(size, alignment, function);
    struct heap_request request = {
        .size = size,
        .alignment = alignment,
        .stack = stack_capture(start),
        .thread = self->info->id,
        .function = function,
        .zero = function == MMT_FUNCTION_CALLOC,
    };
    return allocate_captured(self, &request);
}
