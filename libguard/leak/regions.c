/* SPDX-License-Identifier: MIT */
#include "leak/regions.h"

#include "base/bits.h"
#include "base/maps.h"
#include "base/own_memory.h"
#include "base/probe.h"
#include "heap/heap.h"

#define FIRST_CAPACITY          1024
#define CONTROL_BLOCK_ROOM      ((size_t)8192)
#define CONTROL_BLOCK_SIZE      ((size_t)2304)
#define CONTROL_BLOCK_ALIGNMENT 64

static bool starts_with(const char *text, const char *prefix)
{
    while (*prefix && *text == *prefix)
        text++, prefix++;
    return !*prefix;
}

static bool is_device(const char *path)
{
    if (starts_with(path, "/dev/"))
        return !starts_with(path, "/dev/zero") && !starts_with(path, "/dev/shm/");
    return starts_with(path, "[vvar") || text_equal(path, "[vsyscall]");
}

/* Until regions_free(); false if there is no room for more. */
static bool regions_keep(struct regions *regions, void *memory, size_t size)
{
    if (regions->kept_count == REGIONS_KEPT)
        return false;
    regions->kept[regions->kept_count].memory = memory;
    regions->kept[regions->kept_count++].size = size;
    return true;
}

static bool regions_grow(struct regions *regions)
{
    size_t capacity = regions->capacity ? regions->capacity * 2 : FIRST_CAPACITY;
    struct region *list = own_map(capacity * sizeof(*list));
    if (!list)
        return false;
    if (regions->list) {
        copy_bytes(list, regions->list, regions->count * sizeof(*list));
        if (!regions_keep(regions, regions->list, regions->capacity * sizeof(*list)))
            own_unmap(regions->list, regions->capacity * sizeof(*list));
    }
    regions->list = list;
    regions->capacity = capacity;
    return true;
}

static uint32_t flags_of(const struct regions *regions, const struct maps_entry *entry)
{
    uint32_t flags = 0;
    if (entry->readable)
        flags |= REGION_READ;
    if (entry->writable)
        flags |= REGION_WRITE;
    if (entry->executable)
        flags |= REGION_EXECUTE;
    if (entry->inode)
        flags |= REGION_FILE;
    if (starts_with(entry->path, "/dev/zero"))
        flags |= REGION_ZERO;
    else if (entry->shared)
        flags |= REGION_SHARED;
    if (is_device(entry->path))
        flags |= REGION_DEVICE;
    const struct region *below = regions->count ? &regions->list[regions->count - 1] : NULL;
    bool guarded =
        below && below->end == entry->start && !(below->flags & (REGION_READ | REGION_WRITE));
    if (guarded || text_equal(entry->path, "[stack]"))
        flags |= REGION_STACK;
    return flags;
}

/* ---- address space that is only reserved */

#define LARGE_RESERVATION ((uintptr_t)1 << 30)

static bool is_large_reservation(const struct region *region)
{
    return !(region->flags & (REGION_READ | REGION_WRITE)) &&
           region->end - region->start > LARGE_RESERVATION;
}

static void read_sizes(struct regions *regions, struct maps_reader *reader)
{
    struct maps_size size;
    if (maps_open_sizes(reader))
        return;
    while (maps_next_size(reader, &size)) {
        struct region *region = regions_find(regions, size.start);
        if (region && region->start == size.start && region->end == size.end &&
            is_large_reservation(region))
            region->used = size.used * 1024 / PAGE_SIZE;
    }
    maps_close(reader);
}

void regions_find_used(struct regions *regions)
{
    bool any = false;
    for (size_t i = 0; i < regions->count; i++)
        any |= is_large_reservation(&regions->list[i]) && !heap_owns(regions->list[i].start);
    struct maps_reader *reader = any ? own_map(sizeof(*reader)) : NULL;
    if (!reader)
        return;
    read_sizes(regions, reader);
    if (!regions_keep(regions, reader, sizeof(*reader)))
        own_unmap(reader, sizeof(*reader));
}

static const char *read_all(struct regions *regions, struct maps_reader *reader)
{
    if (maps_open(reader))
        return "the memory map cannot be read: no access to /proc/self/maps";
    struct maps_entry entry;
    const char *failure = NULL;
    while (!failure && maps_next(reader, &entry)) {
        uint32_t flags = flags_of(regions, &entry);
        if (regions->count == regions->capacity && !regions_grow(regions))
            failure = "no memory for a list of the mappings";
        else
            regions->list[regions->count++] =
                (struct region){entry.start, entry.end, entry.start, flags, UINT64_MAX};
    }
    maps_close(reader);
    if (!failure && !regions->count)
        failure = "the memory map cannot be read: /proc/self/maps is empty";
    return failure;
}

/* Where each freed block is a mapping, there are too many, and a look has to tell. */
static void find_hidden_blocks(struct regions *regions)
{
    for (size_t i = 0; i < regions->count; i++) {
        const struct region *region = &regions->list[i];
        if (region->flags & REGION_READ || !heap_owns(region->start))
            continue;
        if (regions->hidden_count == REGIONS_HIDDEN) {
            regions->hidden_count = 0;
            return;
        }
        regions->hidden[regions->hidden_count].start = region->start;
        regions->hidden[regions->hidden_count++].end = region->end;
    }
}

const char *regions_read(struct regions *regions)
{
    *regions = (struct regions){0};
    /* The reader is too large for a thread's last pages of stack. */
    struct maps_reader *reader = own_map(sizeof(*reader));
    if (!reader)
        return "no memory to read the memory map";
    const char *failure = read_all(regions, reader);
    regions_keep(regions, reader, sizeof(*reader));
    find_hidden_blocks(regions);
    return failure;
}

void regions_free(struct regions *regions)
{
    if (regions->list)
        own_unmap(regions->list, regions->capacity * sizeof(*regions->list));
    for (size_t i = 0; i < regions->kept_count; i++)
        own_unmap(regions->kept[i].memory, regions->kept[i].size);
    *regions = (struct regions){0};
}

struct region *regions_find(const struct regions *regions, uintptr_t address)
{
    size_t low = 0, high = regions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (regions->list[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == regions->count || regions->list[low].start > address)
        return NULL;
    return &regions->list[low];
}

/* ---- stacks */

/* glibc's thread control block lies at the upper end of a thread's stack, and begins with its own
 * address, the address of the table of TLS blocks, and its own address again. */
static bool is_control_block(uintptr_t at)
{
    uintptr_t first, third;
    return probe_word(at, &first) && first == at && probe_word(at + 16, &third) && third == at;
}

/* Further on it holds where the stack begins, how large it is, and how much of that is its guard,
 * as three words. There are none for the first thread, and no guard where the program provided the
 * stack. */
static bool stack_of(uintptr_t control, uintptr_t *start, uintptr_t *end)
{
    uintptr_t from = 0, size = 0, guard;
    for (uintptr_t at = control + 24; at < control + CONTROL_BLOCK_SIZE; at += sizeof(guard)) {
        if (!probe_word(at, &guard))
            return false;
        *start = from + guard;
        *end = from + size;
        if (!((from | size | guard) % PAGE_SIZE) && from < control && guard &&
            guard<size && * end> control && *end - control <= CONTROL_BLOCK_ROOM &&
            *start < control)
            return true;
        from = size;
        size = guard;
    }
    return false;
}

/* Makes a region begin at `address`. False if there is none or no memory. */
static bool regions_split(struct regions *regions, uintptr_t address)
{
    struct region *region = regions_find(regions, address);
    if (!region)
        return false;
    if (region->start == address)
        return true;
    size_t index = (size_t)(region - regions->list);
    if (regions->count == regions->capacity && !regions_grow(regions))
        return false;
    region = &regions->list[index];
    __builtin_memmove(region + 2, region + 1, (regions->count - index - 1) * sizeof(*region));
    regions->count++;
    region[1] = *region;
    region[0].end = region[1].start = region[1].live_from = address;
    region[1].flags &= ~(uint32_t)(REGION_STACK | REGION_FOUND);
    return true;
}

void regions_find_stack(struct regions *regions, uintptr_t thread_pointer)
{
    const uint32_t needed = REGION_READ | REGION_WRITE;
    uintptr_t start, end;
    struct region *region = regions_find(regions, thread_pointer);
    if (!region || (region->flags & needed) != needed ||
        region->flags & (REGION_FILE | REGION_DEVICE | REGION_FOUND) || heap_owns(region->start))
        return;
    if (!is_control_block(thread_pointer) || !stack_of(thread_pointer, &start, &end) ||
        start < region->start || end > region->end)
        return;
    bool last = end == region->end;
    if (regions_split(regions, start) && (last || regions_split(regions, end)))
        regions_find(regions, start)->flags |= REGION_STACK | REGION_FOUND;
}

void regions_set_stack(struct regions *regions, uintptr_t pointer)
{
    struct region *region = regions_find(regions, pointer);
    if (!region || !(region->flags & REGION_STACK))
        return;
    if (region->live_from == region->start || pointer < region->live_from)
        region->live_from = align_down(pointer, sizeof(uintptr_t));
}

void regions_set_thread(struct regions *regions, uintptr_t thread_pointer)
{
    struct region *region = regions_find(regions, thread_pointer);
    if (region)
        region->flags |= REGION_THREAD;
}

static uintptr_t control_block(const struct region *region)
{
    uintptr_t lowest = region->end - region->start > CONTROL_BLOCK_ROOM
                           ? region->end - CONTROL_BLOCK_ROOM
                           : region->start;
    for (uintptr_t at = align_up(lowest, CONTROL_BLOCK_ALIGNMENT); at < region->end;
         at += CONTROL_BLOCK_ALIGNMENT)
        if (is_control_block(at))
            return at;
    return 0;
}

void regions_drop_dead_stacks(struct regions *regions)
{
    const uint32_t needed = REGION_READ | REGION_WRITE | REGION_STACK;
    for (size_t i = 0; i < regions->count; i++) {
        struct region *region = &regions->list[i];
        if ((region->flags & needed) != needed ||
            region->flags & (REGION_THREAD | REGION_FILE | REGION_DEVICE) ||
            region->live_from != region->start || heap_owns(region->start))
            continue;
        uintptr_t block = control_block(region);
        if (block)
            region->live_from = block;
    }
}
