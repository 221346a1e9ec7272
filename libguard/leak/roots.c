/* SPDX-License-Identifier: MIT
 *
 * What is left out, and why:
 *   - memory that cannot be written to, or not be accessed at all, but for pages of private
 *     mappings, or of memory shared without a file, that were written to: programs freeze and hide
 *     data that way;
 *   - the heap's address space: its blocks are what is being marked, the rest of it holds nothing
 *     of the program's;
 *   - our own memory, and the data of the module this code is part of: they name every block;
 *   - mappings of devices: reading them may do things;
 *   - what lies below the stack pointer of a thread, and the stacks of threads that have ended:
 *     remains of calls that have returned. That is only done where the mapping is shaped like one
 *     stack, and not if some thread still runs: its stack may be anywhere.
 * In doubt something is a root: a leak that goes unseen is better than one that is none.
 */
#include "leak/roots.h"

#include <cpuid.h>
#include <elf.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ucontext.h>

#include "base/bits.h"
#include "base/own_memory.h"
#include "base/probe.h"
#include "base/sys.h"
#include "base/thread.h"
#include "leak/dead_stacks.h"
#include "leak/sort_records.h"
#include "leak/world.h"

#define RED_ZONE          128
#define MAX_RANGES        8192
#define LARGEST_OWN_STACK ((uintptr_t)65536)

struct range {
    uintptr_t start, end;
};

/* Ours, in address order. */
struct ranges {
    size_t count;
    struct range list[MAX_RANGES];
};

static void add_range(uintptr_t start, uintptr_t end, void *argument)
{
    struct ranges *ranges = argument;
    if (ranges->count < MAX_RANGES)
        ranges->list[ranges->count++] = (struct range){start, end};
}

/* The linker's name for the start of this module: its ELF header. */
extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

static void add_module(struct ranges *ranges)
{
    uintptr_t base = (uintptr_t)&__ehdr_start;
    const Elf64_Phdr *headers = (const void *)(base + __ehdr_start.e_phoff);
    uintptr_t bias = base;
    for (int i = 0; i < __ehdr_start.e_phnum; i++)
        if (headers[i].p_type == PT_LOAD && headers[i].p_offset == 0)
            bias = base - headers[i].p_vaddr;
    for (int i = 0; i < __ehdr_start.e_phnum; i++) {
        if (headers[i].p_type != PT_LOAD || !(headers[i].p_flags & PF_W))
            continue;
        uintptr_t start = bias + headers[i].p_vaddr;
        add_range(align_down(start, PAGE_SIZE), align_up(start + headers[i].p_memsz, PAGE_SIZE),
                  ranges);
    }
}

static bool range_before(const void *a, const void *b)
{
    return ((const struct range *)a)->start < ((const struct range *)b)->start;
}

/* ---- memory */

static void scan_present(uintptr_t start, uintptr_t end, void *argument)
{
    struct roots *roots = argument;
    /* Mappings of the heap and others that lie side by side may be one to the kernel. */
    for (uintptr_t page = start; page < end;) {
        uintptr_t stop = page;
        while (stop < end && !roots->mark->heap->owns(stop))
            stop += PAGE_SIZE;
        (roots->hidden ? mark_hidden : mark_range)(roots->mark, page, stop);
        roots->bytes += stop - page;
        page = stop < end ? stop + PAGE_SIZE : stop;
    }
}

static void scan_pages(struct roots *roots, uintptr_t start, uintptr_t end, bool own)
{
    if (start < end)
        (own ? present_each_own : present_each)(roots->present, start, end, scan_present, roots);
}

/* From an address that need not be the start of a page. */
static void scan_from(struct roots *roots, uintptr_t start, uintptr_t end, bool own)
{
    uintptr_t page = min_size(align_up(start, PAGE_SIZE), end);
    if (start < page && !roots->hidden && !roots->mark->heap->owns(start)) {
        mark_range(roots->mark, start, page);
        roots->bytes += page - start;
    }
    scan_pages(roots, page, end, own);
}

static void scan_region(struct roots *roots, const struct region *region, const struct ranges *ours)
{
    if (region->flags & REGION_DEVICE || !region->used)
        return;
    /* Memory that was written to before it was made read-only, or inaccessible, is no less a root.
     */
    roots->hidden = !(region->flags & REGION_READ);
    bool frozen = roots->hidden || !(region->flags & REGION_WRITE);
    if ((frozen && region->flags & REGION_SHARED) || (roots->hidden && roots->present->fd < 0))
        return;
    bool own = frozen && !(region->flags & REGION_ZERO);
    if (roots->mark->heap->owns(region->start) && roots->mark->heap->owns(region->end - 1))
        return;
    size_t low = 0, high = ours->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ours->list[middle].end <= region->start)
            low = middle + 1;
        else
            high = middle;
    }
    roots->present->most = region->used;
    uintptr_t at = region->live_from;
    for (; low < ours->count && ours->list[low].start < region->end; low++) {
        if (at < ours->list[low].start)
            scan_from(roots, at, ours->list[low].start, own);
        at = max_size(at, ours->list[low].end);
    }
    if (at < region->end)
        scan_from(roots, at, region->end, own);
}

/* ---- threads */

/* The thread control block's second word points behind the first element of the thread's table of
 * TLS blocks, which ld.so allocates and reaches through this pointer alone. */
static void scan_thread_pointer(struct roots *roots, uintptr_t thread_pointer)
{
    uintptr_t table;
    if (thread_pointer && probe_word(thread_pointer + 8, &table))
        mark_root(roots->mark, table - 16, true);
}

struct own_stack {
    uintptr_t pointer, end;
};

static void find_own_stack(uintptr_t start, uintptr_t end, void *argument)
{
    struct own_stack *stack = argument;
    if (stack->pointer >= start && stack->pointer < end)
        stack->end = min_size(end, stack->pointer + LARGEST_OWN_STACK);
}

/* A stack, such as a coroutine's, may itself be a block. And a handler of the program's may run on
 * the alternate signal stack that libguard provides, which is our own memory and no root otherwise.
 */
static void use_stack(struct roots *roots, uintptr_t pointer)
{
    mark_root(roots->mark, pointer, true);
    struct own_stack own = {.pointer = pointer};
    own_each(find_own_stack, &own);
    if (own.end) {
        mark_range(roots->mark, pointer - RED_ZONE, own.end);
        roots->bytes += own.end - pointer;
    }
    if (!roots->unstopped)
        regions_set_stack(roots->regions, pointer - RED_ZONE);
}

/* The vector registers, of which a copy that was under way may hold the only pointer, as the kernel
 * saved them: in the layout of the XSAVE instruction (Intel's manual, volume 1, chapter 13). Only
 * components that are in use are scanned; the bytes between them are whatever the stack held
 * before. */
static void scan_vectors(struct roots *roots, uintptr_t area)
{
    enum { XMM = 160, XMM_SIZE = 256, EXTENSION = 464, MAGIC = 0x46505853, HEADER = 512 };
    /* Upper halves of ymm, upper halves of zmm, zmm16 to zmm31. */
    static const unsigned components[] = {2, 6, 7};
    uintptr_t extension, in_use;
    if (!area)
        return;
    mark_range(roots->mark, area + XMM, area + XMM + XMM_SIZE);
    if (!probe_word(area + EXTENSION, &extension) || (uint32_t)extension != MAGIC ||
        !probe_word(area + HEADER, &in_use))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(components); i++) {
        unsigned size, offset, flags, unused;
        if (!(in_use >> components[i] & 1))
            continue;
        __cpuid_count(0xd, components[i], size, offset, flags, unused);
        if (offset + size <= extension >> 32)
            mark_range(roots->mark, area + offset, area + offset + size);
    }
}

static uintptr_t known_thread_pointer(int32_t tid)
{
    for (const struct thread *thread = thread_first(); thread; thread = thread->next)
        if (atomic_load(&thread->owner) == tid)
            return thread->thread_pointer;
    return 0;
}

/* Whether the thread waits in the kernel, or comes from there. Then it stands in a function that
 * makes the system call for its callers, for whom no vector register survives a call: what those
 * hold is left over, often from an allocation. */
static bool behind_system_call(uintptr_t pc)
{
    const uintptr_t system_call = 0x050f;
    uintptr_t code;
    return probe_word(pc - 2, &code) && (code & 0xffff) == system_call;
}

/* Where the program's handlers of signals run. Between signals nothing but the kernel need know. */
static void use_signal_stacks(struct roots *roots)
{
    for (const struct thread *thread = thread_first(); thread; thread = thread->next)
        if (atomic_load(&thread->owner) && thread->signal_stack)
            mark_root(roots->mark, thread->signal_stack, true);
}

/* As the kernel knows it: of threads without a record, and registered by a raw system call. */
static void use_signal_stack(struct roots *roots, const stack_t *stack)
{
    if (!(stack->ss_flags & SS_DISABLE))
        mark_root(roots->mark, (uintptr_t)stack->ss_sp, true);
}

static void scan_registers(struct roots *roots, const ucontext_t *context)
{
    /* Those behind are no registers; one is the address of the last page fault. */
    for (int i = REG_R8; i <= REG_RIP; i++)
        mark_root(roots->mark, (uintptr_t)context->uc_mcontext.gregs[i], false);
    if (!behind_system_call((uintptr_t)context->uc_mcontext.gregs[REG_RIP]))
        scan_vectors(roots, (uintptr_t)context->uc_mcontext.fpregs);
    use_stack(roots, (uintptr_t)context->uc_mcontext.gregs[REG_RSP]);
    use_signal_stack(roots, &context->uc_stack);
}

static void find_stack(const struct world_thread *thread, void *argument)
{
    struct roots *roots = argument;
    if (thread->stopped)
        regions_find_stack(roots->regions, thread->thread_pointer);
}

/* Of all threads there are, and were. */
static void find_stacks(struct roots *roots)
{
    uint32_t count = thread_count();
    for (uint32_t id = 1; id <= count; id++)
        regions_find_stack(roots->regions, thread_info_get(id)->thread_pointer);
    dead_stacks_find(roots->regions);
    world_each(find_stack, roots);
}

static void scan_thread(const struct world_thread *thread, void *argument)
{
    struct roots *roots = argument;
    if (!thread->stopped) {
        scan_thread_pointer(roots, known_thread_pointer(thread->tid));
        return;
    }
    scan_thread_pointer(roots, thread->thread_pointer);
    regions_set_thread(roots->regions, thread->thread_pointer);
    scan_registers(roots, thread->context);
}

static void scan_self(struct roots *roots)
{
    uintptr_t thread_pointer;
    __asm__("mov %%fs:0, %0" : "=r"(thread_pointer));
    scan_thread_pointer(roots, thread_pointer);
    regions_set_thread(roots->regions, thread_pointer);
    stack_t stack = {.ss_flags = SS_DISABLE};
    sys_call3(SYS_sigaltstack, 0, (long)&stack, 0);
    use_signal_stack(roots, &stack);
    if (roots->interrupted)
        scan_registers(roots, roots->interrupted);
    else
        use_stack(roots, roots->frame + RED_ZONE);
}

/* What the program declares may lie anywhere: in a block, in memory that is read-only. */
static void scan_declared(uintptr_t start, uintptr_t end, void *argument)
{
    struct roots *roots = argument;
    mark_range(roots->mark, start, end);
    roots->bytes += end - start;
}

void roots_scan(struct roots *roots)
{
    struct ranges *ours = own_map(sizeof(*ours));
    if (!ours) {
        roots->failure = "no memory for a list of our own mappings";
        return;
    }
    add_module(ours);
    own_each(add_range, ours);
    sort_records(ours->list, ours->count, sizeof(ours->list[0]), range_before);
    find_stacks(roots);
    scan_self(roots);
    world_each(scan_thread, roots);
    use_signal_stacks(roots);
    if (!roots->unstopped) {
        regions_drop_dead_stacks(roots->regions);
        dead_stacks_drop(roots->regions, roots->mark);
    }
    if (!roots->present->scan)
        regions_find_used(roots->regions);
    for (size_t i = 0; i < roots->regions->count; i++)
        scan_region(roots, &roots->regions->list[i], ours);
    roots->present->most = UINT64_MAX;
    own_unmap(ours, sizeof(*ours));
    if (roots->declared)
        roots->declared(scan_declared, roots);
}
