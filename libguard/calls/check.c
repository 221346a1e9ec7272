/* SPDX-License-Identifier: MIT */
#include "calls/check.h"

#include <immintrin.h>

#include "base/print.h"
#include "diag/diagnose.h"
#include "guard/aftermath.h"
#include "guard/damage.h"
#include "guard/patterns.h"
#include "heap/compact.h"
#include "page/backend.h"

/* Pages that are opened at most for one wrong call. */
#define OPEN_MOST ((size_t)256 * PAGE_SIZE)

typedef int32_t unaligned_character __attribute__((may_alias, aligned(1)));

size_t check_room(const void *memory)
{
    uintptr_t address = (uintptr_t)memory;
    if (!heap_owns(address))
        return SIZE_MAX;
    const struct block *block = heap_find_live(address);
    return block ? block->start + block->size - address : 0;
}

/* The same in the compact heap, where others follow without a gap: behind the red zone after the
 * block. A freed block may only be read. */
static uintptr_t harmless_in_compact(uintptr_t address, const struct mmt_finding *finding)
{
    uintptr_t start = finding->block_start, end = start + finding->block_size;
    bool freed = finding->flags & MMT_FINDING_FREED;
    if (!freed)
        start -= COMPACT_RED_ZONE, end = align_up(end, 16) + COMPACT_RED_ZONE;
    bool inside = address >= start && address < end;
    return inside && !(freed && finding->direction == MMT_DIRECTION_WRITE) ? end : address;
}

/* Where the memory ends that a wrong access from `address` may touch without harm to another block:
 * behind the page after the block it was meant for. */
static uintptr_t harmless_end(uintptr_t address, const struct mmt_finding *finding,
                              const struct heap_view *view, const struct block *record)
{
    if (record && record->flags & BLOCK_UNGUARDED)
        return harmless_in_compact(address, finding);
    uintptr_t page_end = align_down(address, PAGE_SIZE) + PAGE_SIZE, end = page_end;
    if (finding->flags & MMT_FINDING_BLOCK)
        end = max_size(end,
                       align_up(finding->block_start + finding->block_size, PAGE_SIZE) + PAGE_SIZE);
    if (view->has_after && view->after.start != finding->block_start)
        end = min_size(end, max_size(address, view->after.start));
    return min_size(end, address + OPEN_MOST);
}

/* Makes [address, end) accessible; returns how far it could. */
static uintptr_t open_pages(uintptr_t address, uintptr_t end)
{
    for (uintptr_t page = align_down(address, PAGE_SIZE); page < end; page += PAGE_SIZE)
        if (page_faults((void *)page)) {
            if (!heap_open_page(page, false))
                return max_size(page, address);
            pattern_opened(page);
        }
    return end;
}

static NOINLINE size_t wrong_access(const struct check *check, uintptr_t address, size_t size,
                                    enum mmt_direction direction)
{
    struct mmt_finding finding = {0};
    struct heap_view view;
    struct block *record;
    guard_enter();
    heap_look(address, &view);
    if (!diagnose_range(address, size, direction, &view, &finding, &record))
        return size;
    if (aftermath_first_access(&finding, record)) {
        finding.stack = stack_capture(check->start);
        /* A text that runs on past its block mostly does so because it was written past it before.
         */
        uintptr_t damaged = direction == MMT_DIRECTION_READ && record ? heap_damage(record) : 0;
        if (unlikely(damaged))
            damage_report(record, damaged, finding.stack);
        aftermath_enter(&finding, check->call, NULL);
    }
    uintptr_t end = harmless_end(address, &finding, &view, record);
    if (size < end - address)
        end = address + size;
    return open_pages(address, end) - address;
}

size_t check_access(const struct check *check, const void *memory, size_t size,
                    enum mmt_direction direction)
{
    if (likely(check_inside(memory, size)))
        return size;
    return wrong_access(check, (uintptr_t)memory, size, direction);
}

size_t check_array(const struct check *check, const void *memory, size_t count, size_t size,
                   enum mmt_direction direction)
{
    size_t total;
    if (unlikely(__builtin_mul_overflow(count, size, &total)))
        total = SIZE_MAX;
    return check_access(check, memory, total, direction);
}

/* Bytes that are zero among the 16 at `at`, or of the 4-byte characters there: a bit a byte. */
static unsigned zeros_at(const char *at, size_t width)
{
    __m128i bytes = _mm_load_si128((const __m128i *)at), zero = _mm_setzero_si128();
    __m128i equal = width == 1 ? _mm_cmpeq_epi8(bytes, zero) : _mm_cmpeq_epi32(bytes, zero);
    return (unsigned)_mm_movemask_epi8(equal);
}

/* Aligned reads of 16 bytes do not leave a page that the text is in. */
size_t check_length(const void *text, size_t most, size_t width)
{
    uintptr_t start = (uintptr_t)text;
    size_t limit = most > SIZE_MAX / 8 ? SIZE_MAX : most * width;
    if (!most)
        return 0;
    if (start % width) {
        size_t length = 0;
        while (length < most && ((const unaligned_character *)text)[length])
            length++;
        return length;
    }
    const char *at = (const char *)align_down(start, 16);
    unsigned zeros = zeros_at(at, width) & (0xffffu << (start & 15));
    while (!zeros) {
        at += 16;
        if ((uintptr_t)at - start >= limit)
            return most;
        zeros = zeros_at(at, width);
    }
    return min_size(((uintptr_t)at - start + (unsigned)__builtin_ctz(zeros)) / width, most);
}

size_t check_text(const struct check *check, const void *text, size_t most, size_t width)
{
    size_t room = check_room(text) / width;
    size_t within = min_size(room, most), length = check_length(text, within, width);
    if (likely(length < within || room >= most))
        return length;
    check_access(check, text, (room + 1) * width, MMT_DIRECTION_READ);
    return check_length(text, most, width);
}

static bool overlap(uintptr_t a, size_t a_size, uintptr_t b, size_t b_size)
{
    return a != b && a_size && b_size && (a < b ? b - a < a_size : a - b < b_size);
}

void check_overlap(const struct check *check, const void *to, size_t written, const void *from,
                   size_t read)
{
    if (likely(!overlap((uintptr_t)to, written, (uintptr_t)from, read)) || !check_ours(to))
        return;
    struct mmt_finding finding = {0};
    struct heap_view view;
    guard_enter();
    heap_look((uintptr_t)to, &view);
    diagnose_overlap((uintptr_t)to, written, &view, &finding);
    finding.stack = stack_capture(check->start);
    char where[64];
    bool before = (uintptr_t)from < (uintptr_t)to;
    struct print p;
    print_to_buffer(&p, where, sizeof(where));
    print_text(&p, "the source begins ");
    print_unsigned(&p, before ? (uintptr_t)to - (uintptr_t)from : (uintptr_t)from - (uintptr_t)to);
    print_text(&p, before ? " bytes before" : " bytes behind");
    print_end(&p);
    aftermath_enter(&finding, check->call, where);
}
