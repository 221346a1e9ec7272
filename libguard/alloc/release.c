/* SPDX-License-Identifier: MIT */
#include "alloc/release.h"

#include "alloc/foreign.h"
#include "alloc/libc_block.h"
#include "alloc/operators_inside.h"
#include "base/probe.h"
#include "diag/address_words.h"
#include "diag/cookie.h"
#include "diag/diagnose.h"
#include "guard/aftermath.h"
#include "guard/damage.h"
#include "guard/guard.h"
#include "guard/patterns.h"
#include "guard/stream_buffers.h"
#include "heap/slack.h"
#include "stack/depot.h"
#include "stack/sites.h"
#include "trace/recorder.h"

/* Frees the block at the address, of which output of a stream may have to be kept. */
static NOINLINE void free_buffer(const struct heap_release *release, struct heap_outcome *outcome)
{
    const struct block *block = heap_block_at(release->address);
    struct heap_release kept = *release;
    kept.keep = block && block->flags & BLOCK_BUFFER && stream_buffers_keep(block->start);
    heap_free(&kept, outcome);
}

ALWAYS_INLINE void free_block(struct thread *self, const struct heap_release *release,
                              struct heap_outcome *outcome)
{
    if (recorder_on())
        recorder_remove(release->address);
    if (unlikely(stream_buffers_any()))
        free_buffer(release, outcome);
    else
        heap_free(release, outcome);
    if (likely(outcome->verdict == HEAP_FREED))
        sites_freed(self, outcome->as_was.alloc_stack, release->address, outcome->as_was.size);
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
        return DIAGNOSE_FORGOTTEN;
    if (verdict != HEAP_NOT_OURS)
        return NULL;
    if (!pattern_origin(address, finding, text, size))
        address_words(address, text, size);
    return text;
}

/* What a deallocation of `block` found overwritten. */
static void report_written(const struct heap_outcome *outcome, uint32_t stack)
{
    if (outcome->damage.at && !outcome->explained) {
        struct mmt_finding late = {0};
        struct diagnose_damage damage = {.address = outcome->damage.at,
                                         .expected = SLACK_PATTERN,
                                         .found = outcome->damage.value,
                                         .length = outcome->damage.length};
        diagnose_slack(&damage, &outcome->as_was, &late);
        late.stack = stack;
        aftermath_enter(&late, NULL, NULL);
    }
    if (outcome->late)
        damage_report_late(outcome->late, outcome->late_damaged);
}

/* A deallocation in the wrong form whose address is off by the cookie of an array, where no block
 * starts: reports it and frees the block that was meant. False if it is none. */
static bool release_by_cookie(struct thread *self, const struct heap_release *release,
                              const struct heap_outcome *outcome)
{
    struct heap_view view;
    struct heap_outcome meant;
    struct mmt_finding finding = {.stack = release->stack};
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
    if (!crosses_runtimes(&finding, release->stack))
        aftermath_enter(&finding, NULL, NULL);
    struct heap_release corrected = *release;
    corrected.address = block->start;
    free_block(self, &corrected, &meant);
    if (meant.verdict == HEAP_FREED)
        report_written(&meant, release->stack);
    return true;
}

static NOINLINE void report_release(struct thread *self, const struct heap_release *release,
                                    const struct heap_outcome *outcome)
{
    struct mmt_finding finding = {0};
    char where[64];
    if (outcome->verdict == HEAP_NOT_OURS && libc_block_may_be(release->address)) {
        libc_block_free((void *)release->address);
        return;
    }
    if (outcome->verdict == HEAP_NOT_OURS && foreign_free((void *)release->address))
        return;
    if (release_by_cookie(self, release, outcome))
        return;
    if (diagnose_release(release, outcome, &finding) &&
        !(finding.kind == MMT_ERROR_ALLOC_DEALLOC_MISMATCH &&
          crosses_runtimes(&finding, release->stack))) {
        finding.stack = release->stack;
        aftermath_enter(
            &finding, NULL,
            describe_pointer(release->address, outcome->verdict, &finding, where, sizeof(where)));
    }
    report_written(outcome, release->stack);
}

HOT void release_captured(struct thread *self, const struct heap_release *release)
{
    struct heap_outcome outcome;
    free_block(self, release, &outcome);
    /* The commonest pair needs no diagnosis. */
    if (likely(outcome.verdict == HEAP_FREED && !outcome.damage.at && !outcome.late &&
               release->function == MMT_FUNCTION_FREE &&
               outcome.as_was.alloc_function == MMT_FUNCTION_MALLOC))
        return;
    report_release(self, release, &outcome);
}

HOT void release(struct heap_release *request, struct stack_start start)
{
    struct thread *self = guard_enter();
    if (unlikely(guard.passthrough)) {
        libc_block_free((void *)request->address);
        return;
    }
    heap_foresee(request->address);
    request->stack = stack_capture(start);
    request->thread = self->info->id;
    release_captured(self, request);
}
