/* SPDX-License-Identifier: MIT
 *
 * The frame of a trace: header and record heads, checked, before any payload is looked at.
 */
#ifndef LOAD_RECORDS_H
#define LOAD_RECORDS_H

#include "mmtrace.h"
#include "util/cursor.h"
#include "util/vec.h"

struct record {
    uint32_t type; /* enum mmt_type, or one this version does not know */
    struct cursor payload; /* at its start; complete */
};

struct records {
    VEC(struct record) items; /* in the file's order, without MMT_END */
    bool complete; /* MMT_END is there */
    bool merged; /* there may be several processes */
    uint64_t cut_offset; /* where the file ends too early, if not complete */
};

/* Reads the heads of all records. `cursor` is at the start of the whole file. Returns false with
 * the cursor's failure set if it is no trace of this version or has a record no writer can have
 * written. */
bool records_read(struct cursor *cursor, struct records *records);

void records_free(struct records *records);

/* The flags of a MMT_PROCESS record; 0 if it is another, or too short. */
uint32_t records_process_flags(const struct record *record);

/* The name of a record type for messages. */
const char *records_name(uint32_t type);

#endif
