/* SPDX-License-Identifier: MIT */
#include "client/client.h"

#include <errno.h>

#include "alloc/allocate.h"
#include "base/notice.h"
#include "base/print.h"
#include "diag/findings.h"
#include "guard/damage.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "leak/declared.h"
#include "mmguard.h"
#include "process/ending.h"
#include "stack/capture.h"

__asm__(CLIENT_ENTRY(__mmguard_check_leaks, client_check_leaks)
            CLIENT_ENTRY(__mmguard_report_leaks, client_report_leaks)
                CLIENT_ENTRY(__mmguard_snapshot, client_snapshot));

/* ---- leaks */

CLIENT_FUNCTION int client_check_leaks(struct mmguard_leaks *leaks, void *unused, uintptr_t frame)
{
    (void)unused;
    struct leak_result result;
    guard_enter();
    leak_check_above(&result, frame, false);
    const uint64_t *blocks = result.blocks, *bytes = result.bytes;
    if (leaks && result.done)
        *leaks = (struct mmguard_leaks){
            .definite_blocks = blocks[MMT_LEAK_DEFINITE],
            .definite_bytes = bytes[MMT_LEAK_DEFINITE],
            .indirect_blocks = blocks[MMT_LEAK_INDIRECT],
            .indirect_bytes = bytes[MMT_LEAK_INDIRECT],
            .possible_blocks = blocks[MMT_LEAK_POSSIBLE],
            .possible_bytes = bytes[MMT_LEAK_POSSIBLE],
            .reachable_blocks = blocks[MMT_LEAK_REACHABLE],
            .reachable_bytes = bytes[MMT_LEAK_REACHABLE],
        };
    leak_result_free(&result);
    return result.done;
}

CLIENT_FUNCTION int client_report_leaks(void *unused, void *unused_too, uintptr_t frame)
{
    (void)unused, (void)unused_too;
    guard_enter();
    return ending_check_now(frame, false);
}

CLIENT_FUNCTION int client_snapshot(const char *label, void *unused, uintptr_t frame)
{
    (void)unused;
    guard_enter();
    return ending_snapshot(label ? label : "", (struct ending_caller){.frame = frame}, NULL, 0) ==
           0;
}

EXPORT void __mmguard_ignore(const void *block)
{
    guard_enter();
    leak_ignore((uintptr_t)block);
}

EXPORT void __mmguard_ignore_begin(void)
{
    allocate_ignoring++;
}

EXPORT void __mmguard_ignore_end(void)
{
    if (allocate_ignoring)
        allocate_ignoring--;
}

EXPORT int __mmguard_add_root(const void *start, size_t size)
{
    guard_enter();
    int result = declared_add_root((uintptr_t)start, size);
    if (result == -ENOMEM)
        notice_once(
            MMT_NOTE_INCOMPLETE,
            "there are too many declared roots; what only the last ones hold counts as leaked");
    return !result;
}

EXPORT int __mmguard_remove_root(const void *start, size_t size)
{
    guard_enter();
    return !declared_remove_root((uintptr_t)start, size);
}

/* ---- pools */

EXPORT int __mmguard_pool_alloc(const void *piece, size_t size)
{
    struct thread *self = guard_enter();
    if (!piece)
        return 0;
    struct block block = {
        .start = (uintptr_t)piece,
        .size = size,
        .alloc_stack = stack_capture(STACK_START()),
        .alloc_thread = self->info->id,
        .state = BLOCK_LIVE,
        .alloc_function = MMT_FUNCTION_POOL,
        .flags = allocate_ignoring ? BLOCK_IGNORED : 0,
    };
    return !declared_add_piece(&block);
}

EXPORT int __mmguard_pool_free(const void *piece)
{
    guard_enter();
    return !declared_remove_piece((uintptr_t)piece);
}

EXPORT size_t __mmguard_pool_reset(const void *start, size_t size)
{
    guard_enter();
    return declared_remove_pieces((uintptr_t)start, (uintptr_t)start + size);
}

/* ---- errors */

EXPORT unsigned __mmguard_check_slack(void)
{
    guard_enter();
    uint32_t before = findings_total();
    damage_sweep();
    return findings_total() - before;
}

static struct {
    void (*function)(const struct mmguard_error *error, void *argument);
    void *argument;
} callback;

static void call_back(const struct mmt_finding *finding)
{
    static const struct {
        const char *slug;
        uint32_t cwe;
    } kinds[] = {
#define MM_ERROR(enumerator, value, slug, title, cwe, severity, meaning) [value] = {slug, cwe},
#include "mmerrors.def"
#undef MM_ERROR
    };
    struct mmguard_error error = {
        .kind = kinds[finding->kind].slug,
        .id = finding->id,
        .cwe = kinds[finding->kind].cwe,
        .address = finding->address,
        .size = finding->size,
        .block = finding->block_start,
        .block_size = finding->block_size,
    };
    if (callback.function)
        callback.function(&error, callback.argument);
}

EXPORT void __mmguard_on_error(void (*function)(const struct mmguard_error *error, void *argument),
                               void *argument)
{
    guard_enter();
    callback.function = NULL;
    callback.argument = argument;
    callback.function = function;
    findings_observe(call_back);
}

/* ---- pointers */

static const char *client_function_name(unsigned function)
{
    switch (function) {
#define MM_FUNCTION(enumerator, value, name, family)                                               \
    case value:                                                                                    \
        return name;
#include "mmfunctions.def"
#undef MM_FUNCTION
    default:
        return "an unknown function";
    }
}

static void describe_block(struct print *p, uintptr_t address, const struct block *block,
                           const char *state)
{
    uintptr_t end = block->start + block->size;
    bool inside = address >= block->start && address < end;
    if (address != block->start || !inside) {
        print_unsigned(p, inside                   ? address - block->start
                          : address < block->start ? block->start - address
                                                   : address - end);
        print_text(p, inside                   ? " bytes inside "
                      : address < block->start ? " bytes before "
                                               : " bytes past the end of ");
    }
    print_text(p, state);
    print_text(p, " of ");
    print_unsigned(p, block->size);
    print_text(p, " bytes at ");
    print_hex(p, block->start);
    print_text(p, " from ");
    print_text(p, client_function_name(block->alloc_function));
    print_text(p, ", thread ");
    print_unsigned(p, block->alloc_thread);
}

enum mmguard_place client_describe(struct print *p, uintptr_t address)
{
    struct heap_view view;
    struct block piece;
    if (declared_look(address, &piece)) {
        describe_block(p, address, &piece, "a piece");
        return MMGUARD_PIECE;
    }
    heap_look(address, &view);
    const struct block *block = view.has_before  ? &view.before
                                : view.has_after ? &view.after
                                                 : NULL;
    if (!block)
        return MMGUARD_UNKNOWN;
    bool live = block->state == BLOCK_LIVE;
    describe_block(p, address, block, live ? "a live block" : "a freed block");
    bool inside = address - block->start < max_size(block->size, 1);
    return !inside ? MMGUARD_BESIDE : live ? MMGUARD_LIVE : MMGUARD_FREED;
}

EXPORT enum mmguard_place __mmguard_describe(const void *pointer, char *text, size_t size)
{
    guard_enter();
    char unused[8];
    struct print p;
    print_to_buffer(&p, size ? text : unused, size ? size : sizeof(unused));
    enum mmguard_place place = client_describe(&p, (uintptr_t)pointer);
    print_end(&p);
    return place;
}
