/* SPDX-License-Identifier: MIT
 *
 * Folds one trace into the profile. The ids of the file are turned into those of the profile by a
 * table each for modules, stacks and threads. Records may come in any order, so there are three
 * rounds: process and modules, then stacks and threads, then what refers to them.
 */
#include "load/fold.h"
#include "load/load.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/* The arguments as one text: each ends with a zero byte, shown as a space between them. */
static bool fold_arguments(struct fold *fold, struct cursor *payload, struct mmt_text text,
                           const char **out)
{
    const char *bytes;
    if (!cursor_range(payload, text.offset, text.length, &bytes, "arguments"))
        return false;
    uint64_t length = text.length;
    while (length != 0 && bytes[length - 1] == '\0')
        length--;
    char *joined = xalloc_text(bytes, length);
    for (uint64_t i = 0; i < length; i++)
        if (joined[i] == '\0')
            joined[i] = ' ';
    *out = strpool_put(&fold->profile->strings, joined, length);
    free(joined);
    return true;
}

static bool fold_process(struct fold *fold, struct cursor *payload)
{
    struct mmt_process record;
    struct process *process = &fold->profile->processes.items[fold->process];
    if (!fold_fields(payload, &record, sizeof record) ||
        !fold_text(fold, payload, record.executable, "executable", &process->executable) ||
        !fold_arguments(fold, payload, record.arguments, &process->arguments) ||
        !fold_text(fold, payload, record.directory, "directory", &process->directory) ||
        !fold_text(fold, payload, record.backend, "backend", &process->backend))
        return false;
    process->pid = record.pid;
    process->parent_pid = record.parent_pid;
    process->flags = record.flags;
    process->ending = record.ending;
    process->status = record.status;
    process->start_time = record.start_time;
    process->end_time = record.end_time;
    return true;
}

static bool fold_module(struct fold *fold, struct cursor *payload, uint64_t *biases)
{
    struct mmt_module record;
    struct module module = {0};
    const char *build_id;
    if (!fold_fields(payload, &record, sizeof record) ||
        !fold_text(fold, payload, record.path, "path", &module.path) ||
        !cursor_range(payload, record.build_id.offset, record.build_id.length, &build_id,
                      "build-id"))
        return false;
    if (record.build_id.length > sizeof module.build_id) {
        return cursor_fail(payload, offsetof(struct mmt_module, build_id),
                           "build-id of %" PRIu32 " bytes, at most %zu are possible",
                           record.build_id.length, sizeof module.build_id);
    }
    if (record.id == 0 || record.id > fold->module_count) {
        return !fold->complete ||
               cursor_fail(payload, 0, "id %" PRIu32 " is not one of 1 to %" PRIu64, record.id,
                           fold->module_count);
    }
    if (fold->modules[record.id] != 0)
        return cursor_fail(payload, 0, "a second module with id %" PRIu32, record.id);
    module.flags = record.flags;
    module.size = record.size;
    module.mtime = record.mtime;
    module.build_id_size = record.build_id.length;
    memcpy(module.build_id, build_id, module.build_id_size);
    fold->modules[record.id] = profile_module(fold->profile, &module);
    biases[record.id] = record.bias;
    return true;
}

/* Copies the nodes of one record to their places in fold->frames; `seen` says which places are
 * taken. */
static bool fold_nodes(struct fold *fold, struct cursor *payload, uint8_t *seen)
{
    struct mmt_stacks record;
    const uint8_t *nodes;
    if (!fold_fields(payload, &record, sizeof record) ||
        !cursor_array(payload, record.count, sizeof(struct mmt_frame), &nodes, "frames"))
        return false;
    for (uint64_t i = 0; i < record.count; i++) {
        uint64_t id = record.first_id + i;
        uint64_t at = sizeof record + i * sizeof(struct mmt_frame);
        if (id == 0 || id > fold->stack_count) {
            if (fold->complete) {
                return cursor_fail(payload, at, "id %" PRIu64 " is not one of 1 to %" PRIu64, id,
                                   fold->stack_count);
            }
            continue;
        }
        struct mmt_frame *node = &fold->frames[id];
        static const struct mmt_frame missing;
        if (memcmp(nodes + i * sizeof *node, &missing, sizeof missing) == 0)
            continue; /* of a live file: not there yet */
        if (seen[id])
            return cursor_fail(payload, at, "a second frame with id %" PRIu64, id);
        memcpy(node, nodes + i * sizeof *node, sizeof *node);
        if (node->parent >= id) {
            return cursor_fail(payload, at, "frame %" PRIu64 " has parent %" PRIu32, id,
                               node->parent);
        }
        uint32_t module = node->module & MMT_FRAME_MODULE_MASK;
        if (module > fold->module_count && fold->complete) {
            return cursor_fail(payload, at,
                               "module %" PRIu32 " does not exist, the last is %" PRIu64, module,
                               fold->module_count);
        }
        seen[id] = 1;
    }
    return true;
}

/* Interns every stack, callers first: a parent's id is less than its own. */
static void fold_stacks(struct fold *fold, const uint64_t *biases, const uint8_t *seen)
{
    for (uint64_t id = 1; id <= fold->stack_count; id++) {
        const struct mmt_frame *node = &fold->frames[id];
        if (!seen[id])
            continue;
        uint32_t local = node->module & MMT_FRAME_MODULE_MASK;
        uint32_t module = local <= fold->module_count ? fold->modules[local] : 0;
        uint64_t address = module != 0 ? node->pc - biases[local] : node->pc;
        uint32_t frame =
            profile_frame(fold->profile, module, address, (node->module & MMT_FRAME_EXACT) != 0);
        fold->stacks[id] = profile_stack(fold->profile, fold->stacks[node->parent], frame,
                                         (node->module & MMT_FRAME_TRUNCATED) != 0);
    }
}

static bool fold_thread_equal(const void *context, uint32_t index, const void *key)
{
    return ((const struct profile *)context)->threads.items[index].id == *(const uint32_t *)key;
}

uint32_t fold_find_thread(const struct fold *fold, uint32_t id)
{
    return idmap_find(&fold->threads, idmap_mix(5, id), fold_thread_equal, fold->profile, &id);
}

/* Gives a thread its place; its creator and stack follow once all threads have theirs. */
static bool fold_thread(struct fold *fold, struct cursor *payload)
{
    struct mmt_thread record;
    if (!fold_fields(payload, &record, sizeof record))
        return false;
    if (record.id == 0)
        return cursor_fail(payload, 0, "a thread with id 0");
    if (fold_find_thread(fold, record.id) != 0)
        return cursor_fail(payload, 0, "a second thread with id %" PRIu32, record.id);
    struct profile *profile = fold->profile;
    *VEC_PUSH(&profile->threads) = (struct thread){
        .process = fold->process,
        .id = record.id,
        .tid = record.tid,
        .flags = record.flags,
        .name = strpool_put(&profile->strings, record.name, sizeof record.name),
    };
    idmap_add(&fold->threads, idmap_mix(5, record.id), (uint32_t)profile->threads.count - 1);
    return true;
}

/* Counts the elements each table needs; no count is larger than the file has bytes for. */
static void fold_count(struct fold *fold, const struct record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct record *record = &records[i];
        uint64_t size = record->payload.size;
        fold->module_count += record->type == MMT_MODULE;
        if (record->type == MMT_STACKS && size > sizeof(struct mmt_stacks)) {
            struct mmt_stacks head;
            memcpy(&head, record->payload.data, sizeof head);
            uint64_t fits = (size - sizeof head) / sizeof(struct mmt_frame);
            fold->stack_count += head.count < fits ? head.count : fits;
        }
    }
}

static bool fold_rounds(struct fold *fold, struct record *records, size_t count, uint64_t *biases,
                        uint8_t *seen)
{
    for (size_t i = 0; i < count; i++) {
        struct record *record = &records[i];
        if ((record->type == MMT_PROCESS) != (i == 0)) {
            return cursor_fail(&record->payload, 0,
                               i == 0 ? "the first record must be a process"
                                      : "a second process in one file");
        }
        if ((record->type == MMT_PROCESS && !fold_process(fold, &record->payload)) ||
            (record->type == MMT_MODULE && !fold_module(fold, &record->payload, biases)))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct record *record = &records[i];
        if ((record->type == MMT_STACKS && !fold_nodes(fold, &record->payload, seen)) ||
            (record->type == MMT_THREAD && !fold_thread(fold, &record->payload)))
            return false;
    }
    fold_stacks(fold, biases, seen);
    for (size_t i = 0; i < count; i++)
        if (!fold_reference(fold, &records[i]))
            return false;
    return true;
}

/* The mark of a process, which has no end. */
static bool fold_is_mark(const struct record *records, size_t count)
{
    return count > 1 && records[1].type == MMT_MARK;
}

/* A live file: its process may have been killed between two stores. */
static bool fold_is_live(const struct record *records, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (records[i].type == MMT_LIVE)
            return true;
    return false;
}

/* A live file whose process came to its end after all; another trace tells of it. */
static bool fold_is_closed(const struct records *records)
{
    for (size_t i = 0; i < records->items.count; i++) {
        const struct record *record = &records->items.items[i];
        struct mmt_live_blocks head;
        if (record->type == MMT_LIVE && record->payload.size >= sizeof head) {
            memcpy(&head, record->payload.data, sizeof head);
            return head.closed != 0;
        }
    }
    return false;
}

/* A number for the contents, to put processes in an order that does not depend on that of the
 * files. */
static uint64_t fold_digest(const struct record *records, size_t count)
{
    uint64_t digest = 9;
    for (size_t i = 0; i < count; i++) {
        digest = idmap_mix(digest, records[i].type);
        digest = idmap_mix_bytes(digest, records[i].payload.data, records[i].payload.size);
    }
    return digest;
}

static bool fold_records(struct profile *profile, const char *name, struct record *records,
                         size_t count, bool complete)
{
    complete = complete && !fold_is_live(records, count);
    struct fold fold = {
        .profile = profile, .complete = complete, .process = (uint32_t)profile->processes.count};
    const char *none = strpool_put(&profile->strings, "", 0);
    *VEC_PUSH(&profile->processes) = (struct process){
        .file = strpool_put(&profile->strings, name, strlen(name)),
        .executable = none,
        .arguments = none,
        .directory = none,
        .backend = none,
        .suppressions = none,
        .status = -1,
        .incomplete = !complete,
        .digest = fold_digest(records, count),
    };
    fold_count(&fold, records, count);
    profile_reserve_stacks(profile, fold.stack_count);
    fold.modules = xalloc_zeroed(fold.module_count + 1, sizeof *fold.modules);
    fold.stacks = xalloc_zeroed(fold.stack_count + 1, sizeof *fold.stacks);
    fold.frames = xalloc_zeroed(fold.stack_count + 1, sizeof *fold.frames);
    uint64_t *biases = xalloc_zeroed(fold.module_count + 1, sizeof *biases);
    uint8_t *seen = xalloc_zeroed(fold.stack_count + 1, sizeof *seen);
    bool done = fold_rounds(&fold, records, count, biases, seen);
    free(fold.modules);
    idmap_free(&fold.threads);
    free(fold.stacks);
    free(fold.frames);
    free(biases);
    free(seen);
    return done;
}

/* Folds each process of a file; in a merged one, those that were cut off say so. */
static bool fold_processes(struct profile *profile, const char *name, struct records *records)
{
    struct record *items = records->items.items;
    size_t count = records->items.count;
    for (size_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && !(records->merged && items[end].type == MMT_PROCESS))
            end++;
        bool cut = !records->complete && end == count;
        if (records->merged && records_process_flags(&items[first]) & MMT_PROCESS_CUT) {
            cut = true;
            profile->incomplete |= !fold_is_mark(&items[first], end - first);
        }
        if (!fold_records(profile, name, items + first, end - first, !cut))
            return false;
    }
    return true;
}

/* Says once a file that something of the programs' own suppressions was passed over. */
static void fold_warn(const struct profile *profile, const char *name, size_t first)
{
    for (size_t i = first; i < profile->processes.count; i++) {
        if (profile->processes.items[i].suppressions_bad) {
            failure_warn("%s: what __lsan_default_suppressions() returned has lines other than "
                         "leak:PATTERN or too many; these are passed over",
                         name);
            return;
        }
    }
}

/* How much of what belongs to processes there was before a file. Texts, modules, frames and stacks
 * that were added do no harm. */
struct fold_mark {
    size_t processes, threads, findings, leaks, sites, notes;
    bool incomplete;
};

static struct fold_mark fold_mark(const struct profile *profile)
{
    return (struct fold_mark){profile->processes.count, profile->threads.count,
                              profile->findings.count,  profile->leaks.count,
                              profile->sites.count,     profile->notes.count,
                              profile->incomplete};
}

static void fold_back(struct profile *profile, const struct fold_mark *mark)
{
    profile->processes.count = mark->processes;
    profile->threads.count = mark->threads;
    profile->findings.count = mark->findings;
    profile->leaks.count = mark->leaks;
    profile->sites.count = mark->sites;
    profile->notes.count = mark->notes;
    profile->incomplete = mark->incomplete;
}

bool load_bytes(struct profile *profile, const char *name, const uint8_t *data, uint64_t size,
                bool warn, struct failure *failure)
{
    struct cursor cursor = {.file = name, .data = data, .size = size, .failure = failure};
    struct records records;
    struct fold_mark before = fold_mark(profile);
    bool done = records_read(&cursor, &records);
    if (done && !records.complete && !fold_is_mark(records.items.items, records.items.count)) {
        profile->incomplete = true;
        if (warn) {
            failure_warn("%s: offset 0x%" PRIx64
                         ": the file ends without an end record; what it holds is shown",
                         name, records.cut_offset);
        }
    }
    if (done && records.items.count != 0 && !fold_is_closed(&records))
        done = fold_processes(profile, name, &records);
    if (!done)
        fold_back(profile, &before);
    else if (warn)
        fold_warn(profile, name, before.processes);
    records_free(&records);
    return done;
}
