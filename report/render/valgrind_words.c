/* SPDX-License-Identifier: MIT */
#include "render/valgrind_words.h"

#include "render/style.h"

#include <inttypes.h>

const char *valgrind_kind(const struct finding *finding)
{
    switch (finding->record.kind) {
    case MMT_ERROR_DOUBLE_FREE:
    case MMT_ERROR_INVALID_FREE:
    case MMT_ERROR_INVALID_FREE_INTERIOR:
    case MMT_ERROR_REALLOC_AFTER_FREE:
        return "InvalidFree";
    case MMT_ERROR_ALLOC_DEALLOC_MISMATCH:
    case MMT_ERROR_SIZED_DELETE_MISMATCH:
    case MMT_ERROR_ALIGNED_DELETE_MISMATCH:
        return "MismatchedFree";
    case MMT_ERROR_ALLOCATION_TOO_LARGE:
    case MMT_ERROR_CALLOC_OVERFLOW:
        return "FishyValue";
    case MMT_ERROR_OVERLAPPING_COPY:
        return "Overlap";
    default:
        return finding->record.direction == MMT_DIRECTION_WRITE ||
                       finding->record.kind == MMT_ERROR_SLACK_DAMAGE
                   ? "InvalidWrite"
                   : "InvalidRead";
    }
}

void valgrind_put_what(struct textbuf *buffer, const struct finding *finding)
{
    const char *kind = valgrind_kind(finding);
    if (kind[7] == 'W' || kind[7] == 'R') {
        textbuf_format(buffer, "Invalid %s of size %" PRIu64, kind[7] == 'W' ? "write" : "read",
                       finding->access_size != 0 ? finding->access_size : 1);
    } else if (kind[0] == 'O') {
        textbuf_put(buffer, "Source and destination overlap in ");
        textbuf_put_escaped(buffer, finding->call);
        textbuf_format(buffer, "(0x%" PRIx64 ", %" PRIu64 " bytes)", finding->record.address,
                       finding->record.size);
    } else if (kind[0] == 'I') {
        textbuf_put(buffer, "Invalid free() / delete / delete[] / realloc()");
    } else if (kind[0] == 'M') {
        textbuf_put(buffer, "Mismatched free() / delete / delete []");
    } else {
        textbuf_format(
            buffer, "Argument 'size' of function has a fishy (possibly negative) value: %" PRId64,
            (int64_t)finding->record.size);
    }
}

void valgrind_put_where(struct textbuf *buffer, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    uint64_t address =
        record->direction != MMT_DIRECTION_NONE ? finding->access_start : record->address;
    uint64_t size = record->block_size, start = record->block_start;
    textbuf_format(buffer, "Address 0x%" PRIx64 " is ", address);
    if ((record->flags & MMT_FINDING_BLOCK) == 0) {
        textbuf_put(buffer, "not stack'd, malloc'd or (recently) free'd");
        return;
    }
    if (address < start)
        textbuf_format(buffer, "%" PRIu64 " bytes before", start - address);
    else if (address - start < size)
        textbuf_format(buffer, "%" PRIu64 " bytes inside", address - start);
    else
        textbuf_format(buffer, "%" PRIu64 " bytes after", address - start - size);
    textbuf_format(buffer, " a block of size %" PRIu64 " %s", size,
                   (record->flags & MMT_FINDING_FREED) != 0 ? "free'd" : "alloc'd");
}

const char *valgrind_leak_kind(uint32_t kind)
{
    static const char *const names[MMT_LEAK_KINDS] = {"Leak_DefinitelyLost", "Leak_IndirectlyLost",
                                                      "Leak_PossiblyLost", "Leak_StillReachable"};
    return names[kind];
}

const char *valgrind_leak_words(uint32_t kind)
{
    static const char *const words[MMT_LEAK_KINDS] = {"definitely lost", "indirectly lost",
                                                      "possibly lost", "still reachable"};
    return words[kind];
}

void valgrind_put_leak(struct textbuf *buffer, const struct mmt_leak *leak, size_t number,
                       size_t all)
{
    style_put_number(buffer, leak->bytes);
    textbuf_put(buffer, " bytes in ");
    style_put_number(buffer, leak->blocks);
    /* Of one block as well: readers look for these words. */
    textbuf_format(buffer, " blocks are %s in loss record %zu of %zu",
                   valgrind_leak_words(leak->kind), number, all);
}
