/* SPDX-License-Identifier: MIT */
#include "render/findingwords.h"

#include "model/catalog.h"
#include "query/callpath.h"
#include "render/framename.h"

#include <inttypes.h>
#include <stdio.h>

/* "a 24-byte" but "an 8-byte", "an 11-byte", "an 18-byte", "an 80-byte". */
static const char *findingwords_article(uint64_t number)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
    bool teen = length % 3 == 2 && digits[0] == '1' && (digits[1] == '1' || digits[1] == '8');
    return digits[0] == '8' || teen ? "an" : "a";
}

static void findingwords_block(struct textbuf *buffer, const struct mmt_finding *record)
{
    textbuf_format(buffer, "%s %" PRIu64 "-byte block at 0x%" PRIx64,
                   findingwords_article(record->block_size), record->block_size,
                   record->block_start);
}

static void findingwords_distance(struct textbuf *buffer, uint64_t bytes, const char *where)
{
    textbuf_format(buffer, "%" PRIu64 " byte%s %s ", bytes, bytes == 1 ? "" : "s", where);
}

/* Where [start, start + size) lies, seen from the block. `freed`: no byte of the block may be
 * accessed. */
static void findingwords_position(struct textbuf *buffer, const struct mmt_finding *record,
                                  uint64_t start, uint64_t size)
{
    bool freed = (record->flags & MMT_FINDING_FREED) != 0;
    uint64_t block = record->block_start;
    /* Differences instead of sums: the numbers may be anything. */
    bool before = start < block;
    uint64_t offset = start - block;
    uint64_t inside = !before && offset < record->block_size ? record->block_size - offset : 0;
    if (before && size > block - start && !freed) {
        textbuf_put(buffer, " that crosses the start of ");
        findingwords_block(buffer, record);
        textbuf_format(buffer, ", beginning %" PRIu64 " byte%s before it", block - start,
                       block - start == 1 ? "" : "s");
    } else if (before) {
        textbuf_put(buffer, ", ");
        findingwords_distance(buffer, block - start, "before");
        findingwords_block(buffer, record);
    } else if (inside != 0 && size > inside && !freed) {
        textbuf_put(buffer, " that crosses the end of ");
        findingwords_block(buffer, record);
        textbuf_format(buffer, ", first bad byte at offset %" PRIu64, record->block_size);
    } else if (inside != 0) {
        textbuf_put(buffer, ", ");
        findingwords_distance(buffer, offset, "inside");
        findingwords_block(buffer, record);
    } else if (offset == record->block_size) {
        textbuf_put(buffer, ", right after ");
        findingwords_block(buffer, record);
    } else {
        textbuf_put(buffer, ", ");
        findingwords_distance(buffer, offset - record->block_size, "past the end of");
        findingwords_block(buffer, record);
    }
    textbuf_put(buffer, freed ? " that was freed" : "");
}

static void findingwords_access(struct textbuf *buffer, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    if (finding->access_size > INT64_MAX)
        textbuf_format(buffer, "-%" PRIu64 "-byte (a negative size) ", 0 - finding->access_size);
    else if (finding->access_size != 0)
        textbuf_format(buffer, "%" PRIu64 "-byte ", finding->access_size);
    textbuf_put(buffer, record->direction == MMT_DIRECTION_WRITE  ? "write"
                        : record->direction == MMT_DIRECTION_READ ? "read"
                                                                  : "access");
    if (finding->call[0] != '\0') {
        textbuf_put(buffer, " by ");
        textbuf_put_escaped(buffer, finding->call);
    }
    textbuf_format(buffer, " at 0x%" PRIx64, finding->access_start);
    /* A wild pointer is not near the block; it was read from there. */
    if ((record->flags & MMT_FINDING_BLOCK) != 0 && record->kind != MMT_ERROR_WILD_POINTER) {
        findingwords_position(buffer, record, finding->access_start,
                              finding->access_size != 0 ? finding->access_size : 1);
    } else if (finding->where[0] != '\0') {
        textbuf_put(buffer, ", ");
        textbuf_put_escaped(buffer, finding->where);
    }
}

/* "16-byte copy by memcpy to 0x..., 4 bytes inside a 64-byte block at 0x...; the source begins 4
 * bytes before" */
static void findingwords_overlap(struct textbuf *buffer, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    textbuf_format(buffer, "%" PRIu64 "-byte copy by ", record->size);
    textbuf_put_escaped(buffer, finding->call);
    textbuf_format(buffer, " to 0x%" PRIx64, record->address);
    if ((record->flags & MMT_FINDING_BLOCK) != 0)
        findingwords_position(buffer, record, record->address, record->size);
    textbuf_put(buffer, "; ");
    textbuf_put_escaped(buffer, finding->where);
}

static void findingwords_late(struct textbuf *buffer, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    textbuf_format(buffer, "damaged byte found at 0x%" PRIx64, record->address);
    if ((record->flags & MMT_FINDING_BLOCK) != 0)
        findingwords_position(buffer, record, record->address, 1);
    const char *when = (record->flags & MMT_FINDING_FREED) != 0 ? "after that" : "some time before";
    if (record->damage_length == 0) {
        textbuf_format(buffer, "; it was overwritten %s", when);
        return;
    }
    textbuf_format(buffer, "; it holds 0x%02x instead of 0x%02x, and %u byte%s overwritten %s",
                   record->damage_found, record->damage_expected, record->damage_length,
                   record->damage_length == 1 ? " was" : "s were", when);
}

/* "free called on 0x..., a 24-byte block" */
static void findingwords_call(struct textbuf *buffer, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    textbuf_format(buffer, "%s called on 0x%" PRIx64, catalog_function(record->function),
                   record->address);
    /* A delete that is off by the cookie of an array. */
    bool off =
        record->kind == MMT_ERROR_ALLOC_DEALLOC_MISMATCH && record->address != record->block_start;
    if (off) {
        findingwords_position(buffer, record, record->address, 1);
    } else if ((record->flags & MMT_FINDING_BLOCK) != 0 && record->kind != MMT_ERROR_INVALID_FREE &&
               record->kind != MMT_ERROR_INVALID_FREE_INTERIOR) {
        textbuf_format(buffer, ", %s %" PRIu64 "-byte block",
                       findingwords_article(record->block_size), record->block_size);
    }
}

static void findingwords_size(struct textbuf *buffer, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    const char *function = catalog_function(record->function);
    if (record->kind == MMT_ERROR_CALLOC_OVERFLOW) {
        textbuf_format(buffer, "%s called for an array whose size does not fit in 64 bits",
                       function);
        return;
    }
    textbuf_format(buffer, "%s called for %" PRIu64 " bytes", function, record->size);
    if (record->size > INT64_MAX)
        textbuf_format(buffer, ", which is -%" PRIu64 " as a signed number", 0 - record->size);
}

static void findingwords_free(struct textbuf *buffer, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    findingwords_call(buffer, finding);
    switch (record->kind) {
    case MMT_ERROR_DOUBLE_FREE:
    case MMT_ERROR_REALLOC_AFTER_FREE:
        textbuf_format(buffer, " that was already freed by %s",
                       catalog_function(record->free_function));
        break;
    case MMT_ERROR_INVALID_FREE:
        if ((record->flags & MMT_FINDING_BLOCK) != 0 && finding->where[0] == '\0')
            findingwords_position(buffer, record, record->address, 1);
        textbuf_put(buffer, ", which never came from an allocation function");
        break;
    case MMT_ERROR_INVALID_FREE_INTERIOR: {
        uint64_t offset = record->address - record->block_start;
        if (offset >= record->block_size) {
            findingwords_position(buffer, record, record->address, 1);
            break;
        }
        textbuf_put(buffer, ", in the middle, ");
        findingwords_distance(buffer, offset, "from the start of");
        findingwords_block(buffer, record);
        break;
    }
    case MMT_ERROR_ALLOC_DEALLOC_MISMATCH:
        textbuf_format(buffer, " allocated by %s", catalog_function(record->alloc_function));
        break;
    case MMT_ERROR_SIZED_DELETE_MISMATCH:
        textbuf_format(buffer, ", with a size of %" PRIu64, record->size);
        break;
    case MMT_ERROR_ALIGNED_DELETE_MISMATCH:
        textbuf_format(buffer, " allocated with an alignment of %" PRIu32, record->block_alignment);
        if (record->size != 0)
            textbuf_format(buffer, ", with an alignment of %" PRIu64, record->size);
        else
            textbuf_put(buffer, ", which takes no alignment");
        break;
    default:
        break;
    }
    if (finding->where[0] != '\0') {
        textbuf_put(buffer, ": ");
        textbuf_put_escaped(buffer, finding->where);
    }
}

void findingwords_put(struct textbuf *buffer, const struct finding *finding)
{
    if ((finding->record.flags & MMT_FINDING_LATE) != 0) {
        findingwords_late(buffer, finding);
        return;
    }
    switch (finding->record.kind) {
    case MMT_ERROR_DOUBLE_FREE:
    case MMT_ERROR_INVALID_FREE:
    case MMT_ERROR_INVALID_FREE_INTERIOR:
    case MMT_ERROR_ALLOC_DEALLOC_MISMATCH:
    case MMT_ERROR_SIZED_DELETE_MISMATCH:
    case MMT_ERROR_ALIGNED_DELETE_MISMATCH:
    case MMT_ERROR_REALLOC_AFTER_FREE:
        findingwords_free(buffer, finding);
        break;
    case MMT_ERROR_OVERLAPPING_COPY:
        findingwords_overlap(buffer, finding);
        break;
    case MMT_ERROR_SLACK_DAMAGE:
        findingwords_late(buffer, finding);
        break;
    case MMT_ERROR_ALLOCATION_TOO_LARGE:
    case MMT_ERROR_CALLOC_OVERFLOW:
        findingwords_size(buffer, finding);
        break;
    default:
        findingwords_access(buffer, finding);
        break;
    }
}

static bool findingwords_is_late(const struct finding *finding)
{
    return finding->record.kind == MMT_ERROR_SLACK_DAMAGE ||
           (finding->record.flags & MMT_FINDING_LATE) != 0;
}

bool findingwords_at_end(const struct finding *finding)
{
    return findingwords_is_late(finding) && finding->record.stack == 0;
}

const char *findingwords_stack_heading(const struct finding *finding)
{
    if (findingwords_at_end(finding)) {
        return finding->record.kind == MMT_ERROR_SLACK_DAMAGE ? "noticed when the process ended"
                                                              : "noticed later";
    }
    if (findingwords_is_late(finding))
        return "noticed at";
    return finding->record.kind == MMT_ERROR_DOUBLE_FREE ? "freed again at" : "at";
}

void findingwords_put_suppression(struct textbuf *buffer, const struct profile *profile,
                                  const struct finding *finding)
{
    struct callpath path = {0};
    callpath_expand(&path, profile, finding->record.stack, false);
    /* A jump to nowhere has no function in its first frame. */
    for (size_t i = 0; i < path.entries.count; i++) {
        const char *name = path.entries.items[i].frame != 0
                               ? framename_identity(profile, &path.entries.items[i])
                               : "";
        if (name[0] != '\0') {
            textbuf_format(buffer, "%s:", catalog_error(finding->record.kind)->slug);
            textbuf_put_escaped(buffer, name);
            break;
        }
    }
    callpath_free(&path);
}
