/* SPDX-License-Identifier: MIT */
#include "load/access.h"
#include "load/fold.h"
#include "load/suppressions.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

bool fold_fields(struct cursor *payload, void *out, size_t size)
{
    return cursor_read(payload, out, size, "its fields");
}

bool fold_text(struct fold *fold, struct cursor *payload, struct mmt_text text, const char *what,
               const char **out)
{
    const char *bytes;
    if (!cursor_range(payload, text.offset, text.length, &bytes, what))
        return false;
    *out = strpool_put(&fold->profile->strings, bytes, text.length);
    return true;
}

bool fold_stack_id(const struct fold *fold, struct cursor *payload, uint32_t *id)
{
    if (*id > fold->stack_count && fold->complete) {
        return cursor_fail(payload, 0, "stack %" PRIu32 " does not exist, the last is %" PRIu64,
                           *id, fold->stack_count);
    }
    *id = *id <= fold->stack_count ? fold->stacks[*id] : 0;
    return true;
}

static void fold_thread_id(const struct fold *fold, uint32_t *id)
{
    *id = fold_find_thread(fold, *id);
}

static bool fold_thread_origin(struct fold *fold, struct cursor *payload)
{
    struct mmt_thread record;
    payload->position = 0;
    if (!fold_fields(payload, &record, sizeof record) ||
        !fold_stack_id(fold, payload, &record.creation_stack))
        return false;
    struct thread *thread = &fold->profile->threads.items[fold_find_thread(fold, record.id)];
    thread->creator = fold_find_thread(fold, record.creator);
    thread->creation_stack = record.creation_stack;
    return true;
}

static void fold_access(struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    finding->access_start = record->address;
    finding->access_size = record->size;
    struct access access;
    if ((record->flags & MMT_FINDING_INSTRUCTION) != 0 && record->size == 0 &&
        access_decode(record->instruction, record->instruction_length, record->registers,
                      record->address, record->direction == MMT_DIRECTION_WRITE, &access)) {
        finding->access_start = access.start;
        finding->access_size = access.size;
    }
}

static bool fold_finding(struct fold *fold, struct cursor *payload)
{
    struct finding finding = {.process = fold->process};
    struct mmt_finding *record = &finding.record;
    if (!fold_fields(payload, record, sizeof *record) ||
        !fold_text(fold, payload, record->call, "call", &finding.call) ||
        !fold_text(fold, payload, record->where, "where", &finding.where) ||
        !fold_stack_id(fold, payload, &record->stack) ||
        !fold_stack_id(fold, payload, &record->alloc_stack) ||
        !fold_stack_id(fold, payload, &record->free_stack))
        return false;
    if (record->instruction_length > sizeof record->instruction) {
        return cursor_fail(payload, offsetof(struct mmt_finding, instruction_length),
                           "instruction of %" PRIu32 " bytes", record->instruction_length);
    }
    fold_thread_id(fold, &record->thread);
    fold_thread_id(fold, &record->alloc_thread);
    fold_thread_id(fold, &record->free_thread);
    fold_access(&finding);
    *VEC_PUSH(&fold->profile->findings) = finding;
    return true;
}

static bool fold_leaks(struct fold *fold, struct cursor *payload)
{
    struct mmt_leaks record;
    const uint8_t *elements;
    if (!fold_fields(payload, &record, sizeof record) ||
        !cursor_array(payload, record.count, sizeof(struct mmt_leak), &elements, "leaks"))
        return false;
    for (uint64_t i = 0; i < record.count; i++) {
        struct leak leak = {.process = fold->process};
        memcpy(&leak.record, elements + i * sizeof leak.record, sizeof leak.record);
        if (leak.record.kind >= MMT_LEAK_KINDS) {
            return cursor_fail(payload, sizeof record + i * sizeof leak.record,
                               "leak of unknown kind %" PRIu32, leak.record.kind);
        }
        if (!fold_stack_id(fold, payload, &leak.record.stack))
            return false;
        if (leak.record.kind == MMT_LEAK_INDIRECT) {
            uint32_t holder = (uint32_t)leak.record.holder;
            if (leak.record.holder > UINT32_MAX) {
                return cursor_fail(payload, sizeof record + i * sizeof leak.record,
                                   "leak held by stack %" PRIu64, leak.record.holder);
            }
            if (!fold_stack_id(fold, payload, &holder))
                return false;
            leak.record.holder = holder;
        }
        fold_thread_id(fold, &leak.record.thread);
        *VEC_PUSH(&fold->profile->leaks) = leak;
    }
    return true;
}

struct fold_live {
    const struct profile *profile;
    size_t first; /* leak of this file */
};

static bool fold_live_equal(const void *context, uint32_t id, const void *key)
{
    const struct fold_live *live = context;
    const struct mmt_leak *leak = &live->profile->leaks.items[live->first + id - 1].record;
    const struct mmt_live *block = key;
    return leak->stack == block->stack && leak->thread == block->thread &&
           leak->function == block->function;
}

/* Sums up the blocks of a live file. Nothing is known of pointers to them. */
static bool fold_live(struct fold *fold, struct cursor *payload)
{
    enum { LOWEST_ADDRESS = 8 };
    struct mmt_live_blocks head;
    const uint8_t *entries;
    struct profile *profile = fold->profile;
    struct fold_live live = {profile, profile->leaks.count};
    struct idmap groups = {0};
    if (!fold_fields(payload, &head, sizeof head))
        return false;
    if (head.entry_size < sizeof(struct mmt_live)) {
        return cursor_fail(payload, offsetof(struct mmt_live_blocks, entry_size),
                           "entries of %" PRIu32 " bytes", head.entry_size);
    }
    if (!cursor_array(payload, head.count, head.entry_size, &entries, "blocks"))
        return false;
    for (uint64_t i = 0; i < head.count; i++) {
        struct mmt_live block;
        memcpy(&block, entries + i * head.entry_size, sizeof block);
        if (block.address < LOWEST_ADDRESS)
            continue;
        block.stack = block.stack <= fold->stack_count ? fold->stacks[block.stack] : 0;
        fold_thread_id(fold, &block.thread);
        uint64_t hash = idmap_mix(idmap_mix(block.function, block.stack), block.thread);
        uint32_t id = idmap_find(&groups, hash, fold_live_equal, &live, &block);
        if (id == 0) {
            *VEC_PUSH(&profile->leaks) = (struct leak){
                .process = fold->process,
                .record = {.stack = block.stack,
                           .thread = block.thread,
                           .function = block.function,
                           .kind = MMT_LEAK_REACHABLE,
                           .address = block.address},
            };
            id = (uint32_t)(profile->leaks.count - live.first);
            idmap_add(&groups, hash, id);
        }
        struct mmt_leak *leak = &profile->leaks.items[live.first + id - 1].record;
        leak->blocks = profile_add(leak->blocks, 1);
        leak->bytes = profile_add(leak->bytes, block.size);
    }
    idmap_free(&groups);
    return true;
}

static bool fold_note(struct fold *fold, struct cursor *payload)
{
    struct mmt_note record;
    struct note note = {.process = fold->process};
    if (!fold_fields(payload, &record, sizeof record) ||
        !fold_text(fold, payload, record.text, "text", &note.text))
        return false;
    note.severity = record.severity;
    *VEC_PUSH(&fold->profile->notes) = note;
    return true;
}

static bool fold_snapshot(struct fold *fold, struct cursor *payload, struct process *process)
{
    struct mmt_snapshot record;
    if (!fold_fields(payload, &record, sizeof record) ||
        !fold_text(fold, payload, record.label, "label", &process->label))
        return false;
    process->snapshot = record.number;
    return true;
}

/* The first one counts: a process writes no second one. */
static bool fold_suppressions(struct fold *fold, struct cursor *payload, struct process *process)
{
    struct mmt_suppressions record;
    struct textbuf kept = {0};
    const char *bytes;
    if (!fold_fields(payload, &record, sizeof record) ||
        !cursor_range(payload, record.text.offset, record.text.length, &bytes, "text"))
        return false;
    if (process->suppressions[0] != '\0') {
        process->suppressions_bad = true;
        return true;
    }
    process->suppressions_bad |= !suppressions_of_program(&kept, bytes, record.text.length);
    process->suppressions =
        strpool_put(&fold->profile->strings, textbuf_text(&kept), kept.bytes.count);
    textbuf_free(&kept);
    return true;
}

static bool fold_mark(struct fold *fold, struct cursor *payload, struct process *process)
{
    struct mmt_mark *mark = &process->mark;
    if (!fold_fields(payload, mark, sizeof *mark))
        return false;
    process->has_mark = true;
    if (mark->state == MMT_MARK_EXEC) {
        process->executable = strpool_put(&fold->profile->strings, mark->program,
                                          strnlen(mark->program, sizeof mark->program));
    }
    return true;
}

bool fold_reference(struct fold *fold, struct record *record)
{
    struct process *process = &fold->profile->processes.items[fold->process];
    struct cursor *payload = &record->payload;
    switch (record->type) {
    case MMT_THREAD:
        return fold_thread_origin(fold, payload);
    case MMT_FINDING:
        return fold_finding(fold, payload);
    case MMT_LEAKS:
        return fold_leaks(fold, payload);
    case MMT_SITES:
        return fold_sites(fold, payload);
    case MMT_LIVE:
        return fold_live(fold, payload);
    case MMT_NOTE:
        return fold_note(fold, payload);
    case MMT_LEAK_CHECK:
        process->has_leak_check = true;
        return fold_fields(payload, &process->leak_check, sizeof process->leak_check);
    case MMT_SNAPSHOT:
        return fold_snapshot(fold, payload, process);
    case MMT_SUPPRESSIONS:
        return fold_suppressions(fold, payload, process);
    case MMT_MARK:
        return fold_mark(fold, payload, process);
    case MMT_COUNTERS:
        process->has_counters = true;
        return fold_fields(payload, &process->counters, sizeof process->counters);
    default:
        return true;
    }
}
