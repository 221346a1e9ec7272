/* SPDX-License-Identifier: MIT
 *
 * The cases, under the names Memcheck gave them (manual, option --leak-check-heuristics):
 *
 *   stdstring            the old reference-counted std::basic_string of libstdc++: a header of
 *                        length, capacity and count, then capacity + 1 characters; the string
 *                        object points to the first character
 *   newarray             new[] of a type with a destructor: a count in front of the elements; with
 *                        a count of 0 the pointer is one past the end of the block
 *   length64             an allocator's own header: 8 bytes that say how many bytes follow
 *   multipleinheritance  a pointer to the second base of an object: the block and the place
 *                        pointed to both begin with the address of a table of virtual functions
 *
 * Every word is read with probe_word(): a page of a block may be inaccessible.
 */
#include "leak/pointers.h"

#include "base/bits.h"
#include "base/probe.h"
#include "mmtrace.h"

#define STRING_HEADER  24
#define LENGTH_HEADER  8
#define LARGEST_COOKIE 64
/* Entries of a table that are looked at: an abstract class may begin with empty ones. */
#define TABLE_ENTRIES 3

static bool is_string(const struct block *block, uintptr_t offset)
{
    uintptr_t length, capacity;
    if (offset != STRING_HEADER || !probe_word(block->start, &length) ||
        !probe_word(block->start + 8, &capacity))
        return false;
    if (length > capacity || capacity >= block->size)
        return false;
    for (size_t width = 1; width <= 4; width *= 2)
        if (STRING_HEADER + (capacity + 1) * width == block->size)
            return true;
    return false;
}

/* The count stands directly before the elements; elements of an alignment above 8 are preceded by
 * that much. */
static bool is_array(const struct block *block, uintptr_t offset)
{
    bool array = block->alloc_function == MMT_FUNCTION_NEW_ARRAY ||
                 block->alloc_function == MMT_FUNCTION_NEW_ARRAY_ALIGNED;
    uintptr_t count;
    if (offset != 8 &&
        !(array && offset <= LARGEST_COOKIE && is_power_of_two(offset) && offset > 8))
        return false;
    return offset <= block->size && probe_word(block->start + offset - 8, &count) && count &&
           count <= block->size && (block->size - offset) % count == 0;
}

static bool has_length(const struct block *block, uintptr_t offset)
{
    uintptr_t length;
    return offset == LENGTH_HEADER && probe_word(block->start, &length) &&
           length == block->size - offset;
}

bool pointers_behind_header(const struct block *block)
{
    bool array = block->alloc_function == MMT_FUNCTION_NEW_ARRAY ||
                 block->alloc_function == MMT_FUNCTION_NEW_ARRAY_ALIGNED;
    uintptr_t count;
    if (block->size != LENGTH_HEADER &&
        !(array && block->size <= LARGEST_COOKIE && is_power_of_two(block->size) &&
          block->size > LENGTH_HEADER))
        return false;
    return probe_word(block->start + block->size - sizeof(count), &count) && !count;
}

static bool points_to_table(uintptr_t address, const struct regions *regions)
{
    uintptr_t table;
    if (!probe_word(address, &table) || table % sizeof(table))
        return false;
    const struct region *region = regions_find(regions, table);
    if (!region || !(region->flags & REGION_FILE) || region->flags & REGION_DEVICE)
        return false;
    for (int i = 0; i < TABLE_ENTRIES; i++, table += sizeof(table)) {
        uintptr_t function;
        if (!probe_word(table, &function))
            return false;
        const struct region *code = function ? regions_find(regions, function) : NULL;
        if (code)
            return code->flags & REGION_EXECUTE;
        if (function)
            return false;
    }
    return false;
}

static bool is_second_base(const struct block *block, uintptr_t pointer,
                           const struct regions *regions)
{
    return regions && pointer % sizeof(uintptr_t) == 0 &&
           block->start + block->size - pointer >= sizeof(uintptr_t) &&
           points_to_table(pointer, regions) && points_to_table(block->start, regions);
}

bool pointers_count_as_start(const struct block *block, uintptr_t pointer,
                             const struct regions *regions)
{
    uintptr_t offset = pointer - block->start;
    return has_length(block, offset) || is_array(block, offset) || is_string(block, offset) ||
           is_second_base(block, pointer, regions);
}
