/* SPDX-License-Identifier: MIT
 *
 * The functions of the sanitizers' public interface (sanitizer/lsan_interface.h, asan_interface.h,
 * allocator_interface.h) that programs call on their own accord, with what they mean there.
 */
#include <stddef.h>

#include "base/output.h"
#include "base/print.h"
#include "base/sys.h"
#include "client/client.h"
#include "diag/findings.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "mmguard.h"
#include "process/ending.h"
#include "process/lsan_hooks.h"
#include "stack/depot.h"

/* ---- leaks */

__asm__(CLIENT_ENTRY(__lsan_do_leak_check, client_do_leak_check)
            CLIENT_ENTRY(__lsan_do_recoverable_leak_check, client_report_leaks));

static bool leaks_turned_off(void)
{
    return !guard.options.leak_check || lsan_hooks_turned_off();
}

/* Ends the process if there are leaks; there is no check at the end then. */
CLIENT_FUNCTION void client_do_leak_check(void *unused, void *unused_too, uintptr_t frame)
{
    (void)unused, (void)unused_too;
    guard_enter();
    if (leaks_turned_off() || !ending_check_now(frame, true) || !guard.options.exitcode)
        return;
    ending_finish(MMT_ENDING_UNDERSCORE_EXIT, (int)guard.options.exitcode,
                  (struct ending_caller){.frame = frame});
    sys_exit_group((int)guard.options.exitcode);
}

EXPORT void __lsan_disable(void)
{
    __mmguard_ignore_begin();
}

EXPORT void __lsan_enable(void)
{
    __mmguard_ignore_end();
}

EXPORT void __lsan_ignore_object(const void *block)
{
    __mmguard_ignore(block);
}

EXPORT void __lsan_register_root_region(const void *start, size_t size)
{
    __mmguard_add_root(start, size);
}

EXPORT void __lsan_unregister_root_region(const void *start, size_t size)
{
    __mmguard_remove_root(start, size);
}

/* ---- addresses */

/* The block, live or freed, that `address` is in, or beside it. */
static const struct block *block_of(uintptr_t address, struct heap_view *view)
{
    guard_enter();
    heap_look(address, view);
    return view->has_before ? &view->before : view->has_after ? &view->after : NULL;
}

EXPORT void __asan_describe_address(const void *address)
{
    char text[256], line[320];
    guard_enter();
    int output = output_open();
    if (output < 0)
        return;
    struct print p;
    print_to_buffer(&p, text, sizeof(text));
    enum mmguard_place place = client_describe(&p, (uintptr_t)address);
    print_end(&p);
    print_to_fd(&p, output, line, sizeof(line));
    print_hex(&p, (uintptr_t)address);
    print_text(&p, place == MMGUARD_UNKNOWN ? " is no address of the heap" : " is ");
    print_text(&p, text);
    print_char(&p, '\n');
    print_end(&p);
    output_close(output);
}

EXPORT int __asan_address_is_poisoned(const volatile void *address)
{
    struct heap_view view;
    const struct block *block = block_of((uintptr_t)address, &view);
    if (!view.owned)
        return 0;
    return !block || block->state != BLOCK_LIVE || (uintptr_t)address - block->start >= block->size;
}

/* The first address of the range that must not be accessed, or NULL. The block at its start
 * decides: beyond that comes a guard page. */
EXPORT void *__asan_region_is_poisoned(void *start, size_t size)
{
    struct heap_view view;
    if (!size)
        return NULL;
    if (__asan_address_is_poisoned(start))
        return start;
    const struct block *block = block_of((uintptr_t)start, &view);
    if (!view.owned || (uintptr_t)start + size <= block->start + block->size)
        return NULL;
    return (void *)(block->start + block->size);
}

EXPORT const char *__asan_locate_address(void *address, char *name, size_t name_size, void **region,
                                         size_t *region_size)
{
    struct heap_view view;
    const struct block *block = block_of((uintptr_t)address, &view);
    if (name_size)
        *name = 0;
    *region = block ? (void *)block->start : NULL;
    *region_size = block ? block->size : 0;
    return block ? "heap" : "heap-invalid";
}

static size_t copy_stack(uint32_t stack, uint32_t thread, void **trace, size_t size, int *thread_id)
{
    const struct mmt_frame *node;
    size_t count = 0;
    *thread_id = (int)thread - 1; /* theirs begin at 0 */
    for (; count < size && (node = depot_node(stack)); stack = node->parent)
        trace[count++] = (void *)(uintptr_t)node->pc;
    return count;
}

EXPORT size_t __asan_get_alloc_stack(void *address, void **trace, size_t size, int *thread_id)
{
    struct heap_view view;
    const struct block *block = block_of((uintptr_t)address, &view);
    return block ? copy_stack(block->alloc_stack, block->alloc_thread, trace, size, thread_id) : 0;
}

EXPORT size_t __asan_get_free_stack(void *address, void **trace, size_t size, int *thread_id)
{
    struct heap_view view;
    const struct block *block = block_of((uintptr_t)address, &view);
    return block && block->state == BLOCK_FREED
               ? copy_stack(block->free_stack, block->free_thread, trace, size, thread_id)
               : 0;
}

EXPORT int __asan_report_present(void)
{
    return findings_total() != 0;
}

EXPORT int __sanitizer_get_ownership(const volatile void *address)
{
    guard_enter();
    return heap_block_at((uintptr_t)address) != NULL;
}

EXPORT size_t __sanitizer_get_allocated_size(const volatile void *address)
{
    guard_enter();
    const struct block *block = heap_block_at((uintptr_t)address);
    return block ? block->size : 0;
}
