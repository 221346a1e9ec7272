/* SPDX-License-Identifier: MIT */
#include "load/records.h"

#include <inttypes.h>
#include <string.h>

/* No record is longer; a bigger number is damage, not a file that was cut off. */
#define RECORDS_LONGEST (UINT64_C(1) << 40)

const char *records_name(uint32_t type)
{
    static const char *const names[] = {
        [MMT_PROCESS] = "process record", [MMT_MODULE] = "module record",
        [MMT_STACKS] = "stacks record",   [MMT_THREAD] = "thread record",
        [MMT_FINDING] = "finding record", [MMT_LEAK_CHECK] = "leak check record",
        [MMT_LEAKS] = "leaks record",     [MMT_COUNTERS] = "counters record",
        [MMT_NOTE] = "note record",       [MMT_END] = "end record",
        [MMT_SITES] = "sites record",     [MMT_MARK] = "mark record",
    };
    bool known = type < sizeof names / sizeof *names && names[type] != NULL;
    return known ? names[type] : "unknown record";
}

static bool records_header(struct cursor *cursor, struct records *records)
{
    struct mmt_header header;
    if (cursor->size < sizeof header.magic ||
        memcmp(cursor->data, MMT_MAGIC, sizeof header.magic) != 0)
        return cursor_fail(cursor, 0, "not a trace of mmguard");
    if (cursor->size < sizeof header) {
        records->cut_offset = cursor->size;
        cursor->position = cursor->size;
        return true;
    }
    memcpy(&header, cursor->data, sizeof header);
    if (header.byte_order != MMT_BYTE_ORDER) {
        return cursor_fail(cursor, offsetof(struct mmt_header, byte_order),
                           "byte order 0x%08" PRIx32 " is not little-endian", header.byte_order);
    }
    records->merged = header.version == MMT_VERSION_MERGED;
    if (header.version != MMT_VERSION && !records->merged) {
        return cursor_fail(cursor, offsetof(struct mmt_header, version),
                           "version %" PRIu32 ", this mmreport reads versions %u and %u",
                           header.version, MMT_VERSION, MMT_VERSION_MERGED);
    }
    if (header.machine != 62) {
        return cursor_fail(cursor, offsetof(struct mmt_header, machine),
                           "machine %" PRIu32 " is not x86-64", header.machine);
    }
    if (header.header_size < sizeof header || header.header_size % 8 != 0) {
        return cursor_fail(cursor, offsetof(struct mmt_header, header_size),
                           "impossible header size %" PRIu32, header.header_size);
    }
    cursor->position = header.header_size < cursor->size ? header.header_size : cursor->size;
    return true;
}

static bool records_end(struct cursor *cursor, uint64_t start, struct cursor *payload,
                        const struct records *records)
{
    struct mmt_end end;
    payload->section = records_name(MMT_END);
    if (!cursor_read(payload, &end, sizeof end, "its fields"))
        return false;
    if (end.records != 0 && end.records != records->items.count) { /* 0: a live file */
        return cursor_fail(payload, 0, "%" PRIu64 " records announced, %zu are there", end.records,
                           records->items.count);
    }
    uint64_t padded = cursor->position + (-cursor->position & 7);
    uint64_t offset = cursor->base + (padded < cursor->size ? padded : cursor->size);
    if (end.file_size != offset || offset != cursor->size) {
        return cursor_fail(cursor, start,
                           "end record: file of %" PRIu64 " bytes announced, it has %" PRIu64,
                           end.file_size, cursor->size);
    }
    return true;
}

bool records_read(struct cursor *cursor, struct records *records)
{
    memset(records, 0, sizeof *records);
    if (!records_header(cursor, records))
        return false;
    for (;;) {
        uint64_t start = cursor->position;
        struct mmt_record head;
        records->cut_offset = cursor->size;
        if (cursor_left(cursor) < sizeof head)
            return true;
        cursor_read(cursor, &head, sizeof head, "a record");
        if (head.type == 0) {
            /* A preallocated file that its process did not live to cut to size ends in zeros. */
            if (head.length == 0 && head.reserved == 0) {
                records->cut_offset = start;
                return true;
            }
            return cursor_fail(cursor, start, "record of type 0");
        }
        if (head.length > RECORDS_LONGEST) {
            return cursor_fail(cursor, start, "%s with an impossible length of %" PRIu64 " bytes",
                               records_name(head.type), head.length);
        }
        if (head.length > cursor_left(cursor))
            return true;
        struct record record = {.type = head.type};
        cursor_sub(cursor, head.length, records_name(head.type), &record.payload);
        if (head.type == MMT_END) {
            records->complete = true;
            return records_end(cursor, start, &record.payload, records);
        }
        *VEC_PUSH(&records->items) = record;
        uint64_t padding = -head.length & 7;
        cursor_skip(cursor, padding < cursor_left(cursor) ? padding : cursor_left(cursor),
                    "padding");
    }
}

uint32_t records_process_flags(const struct record *record)
{
    struct mmt_process process;
    if (record->type != MMT_PROCESS || record->payload.size < sizeof process)
        return 0;
    memcpy(&process, record->payload.data, sizeof process);
    return process.flags;
}

void records_free(struct records *records)
{
    VEC_FREE(&records->items);
}
