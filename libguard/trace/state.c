/* SPDX-License-Identifier: MIT */
#include "trace/state.h"

#include <time.h>

#include "base/bits.h"
#include "base/notice.h"
#include "base/program.h"
#include "base/sys.h"
#include "base/thread.h"
#include "stack/capture.h"
#include "stack/depot.h"
#include "stack/modules.h"
#include "stack/sites.h"

static struct trace_bytes text_bytes(const char *text)
{
    return (struct trace_bytes){text, text_length(text)};
}

void trace_put_process(struct trace_writer *writer, const struct trace_process *process)
{
    struct mmt_process record = {
        .pid = (uint32_t)sys_getpid(),
        .parent_pid = (uint32_t)sys_call3(SYS_getppid, 0, 0, 0),
        .flags = process->flags,
        .ending = process->ending,
        .status = process->status,
        .page_size = PAGE_SIZE,
        .start_time = process->start_time,
        .end_time = process->ending ? sys_clock(CLOCK_REALTIME) : 0,
    };
    struct trace_bytes argument_bytes;
    argument_bytes.data = program_arguments(&argument_bytes.length);
    struct mmt_text *spans[] = {&record.executable, &record.arguments, &record.directory,
                                &record.backend};
    struct trace_bytes texts[] = {text_bytes(program_path()), argument_bytes,
                                  text_bytes(program_directory()), text_bytes(process->backend)};
    trace_put_record(writer, MMT_PROCESS, &record, sizeof(record), spans, texts,
                     ARRAY_LENGTH(spans));
}

void trace_put_module(struct trace_writer *writer, uint32_t number, uint32_t id)
{
    const struct module *module = modules_get(number);
    struct mmt_module record = {
        .id = id,
        .flags = module->flags,
        .bias = module->bias,
        .start = module->start,
        .end = module->end,
        .device = module->device,
        .inode = module->inode,
        .size = module->size,
        .mtime = module->mtime,
    };
    struct mmt_text *spans[] = {&record.path, &record.build_id};
    struct trace_bytes texts[] = {text_bytes(module->path),
                                  {module->build_id, module->build_id_length}};
    trace_put_record(writer, MMT_MODULE, &record, sizeof(record), spans, texts,
                     ARRAY_LENGTH(spans));
}

void trace_put_modules(struct trace_writer *writer)
{
    uint32_t count = modules_count();
    for (uint32_t id = 1; id <= count; id++)
        trace_put_module(writer, id, id);
}

void trace_put_stacks(struct trace_writer *writer)
{
    enum { PART = 65536 };
    uint32_t count = depot_count();
    for (uint32_t first = 1; first <= count; first += PART) {
        uint32_t part = (uint32_t)min_size(PART, count - first + 1);
        struct mmt_stacks head = {.first_id = first, .count = part};
        trace_open_record(writer, MMT_STACKS, sizeof(head) + part * sizeof(struct mmt_frame));
        trace_put(writer, &head, sizeof(head));
        for (uint32_t id = first; id < first + part; id++)
            trace_put(writer, depot_node(id), sizeof(struct mmt_frame));
        trace_close_record(writer);
    }
}

void trace_name_sites(struct selection *selection, uint32_t count)
{
    struct site site;
    for (uint32_t i = 0; i < count; i++)
        if (sites_get(i, &site))
            selection_name_stack(selection, site.stack);
}

/* Whether it goes into the trace. One that is not the process's own may become that at any time. */
static bool get_site(const struct selection *selection, uint32_t number, struct site *site)
{
    return sites_get(number, site) && selection_stack(selection, site->stack);
}

void trace_put_sites(struct trace_writer *writer, const struct selection *selection, uint32_t count)
{
    struct mmt_sites head = {0};
    struct site site;
    for (uint32_t i = 0; i < count; i++)
        head.count += get_site(selection, i, &site);
    trace_open_record(writer, MMT_SITES, sizeof(head) + head.count * sizeof(struct mmt_site));
    trace_put(writer, &head, sizeof(head));
    for (uint32_t i = 0; i < count && head.count; i++) {
        if (!get_site(selection, i, &site))
            continue;
        head.count--;
        struct mmt_site record = {
            .stack = selection_stack(selection, site.stack),
            .allocations = site.allocations,
            .bytes = site.bytes,
            .frees = site.frees,
            .freed_bytes = site.freed_bytes,
            .peak_bytes = site.peak_bytes,
            .freed_next = site.freed_next,
            .first_time = site.first_time,
            .last_time = site.last_time,
        };
        trace_put(writer, &record, sizeof(record));
    }
    trace_close_record(writer);
}

void trace_put_thread(struct trace_writer *writer, uint32_t id, uint32_t creation_stack)
{
    struct thread_info *info = thread_info_get(id);
    if (!info)
        return;
    if (!info->ended)
        thread_refresh_name(info);
    struct mmt_thread record = {
        .id = id,
        .tid = (uint32_t)info->tid,
        .flags = (info->main ? MMT_THREAD_MAIN : 0) | (info->ended ? MMT_THREAD_ENDED : 0) |
                 (id < thread_first_own() ? MMT_THREAD_INHERITED : 0),
        .creator = info->creator,
        .creation_stack = creation_stack,
    };
    copy_bytes(record.name, info->name, sizeof(record.name));
    trace_open_record(writer, MMT_THREAD, sizeof(record));
    trace_put(writer, &record, sizeof(record));
    trace_close_record(writer);
}

void trace_put_note(struct trace_writer *writer, uint32_t severity, const char *text)
{
    struct mmt_note record = {.severity = severity};
    struct mmt_text *span = &record.text;
    struct trace_bytes bytes = text_bytes(text);
    trace_put_record(writer, MMT_NOTE, &record, sizeof(record), &span, &bytes, 1);
}

void trace_put_notices(struct trace_writer *writer)
{
    struct notice notices[NOTICE_MAX];
    uint32_t count = notice_list(notices, NOTICE_MAX);
    for (uint32_t i = 0; i < count; i++)
        trace_put_note(writer, notices[i].severity, notices[i].text);
}

/* A stack's nodes, from the outermost to the innermost, are a chain: each one's parent is the id
 * before it. */
static uint32_t put_chain(struct trace_writer *writer, uint32_t stack, uint32_t first)
{
    struct mmt_frame frames[STACK_DEPTH_MAX];
    size_t count = depot_get(stack, frames, ARRAY_LENGTH(frames));
    struct mmt_stacks head = {.first_id = first, .count = (uint32_t)count};
    trace_open_record(writer, MMT_STACKS, sizeof(head) + count * sizeof(*frames));
    trace_put(writer, &head, sizeof(head));
    for (size_t i = count; i-- > 0;) {
        frames[i].parent = i + 1 == count ? 0 : first + (uint32_t)(count - i) - 2;
        trace_put(writer, &frames[i], sizeof(*frames));
    }
    trace_close_record(writer);
    return (uint32_t)count;
}

uint32_t trace_put_some_stacks(struct trace_writer *writer, uint32_t *const *ids, size_t count,
                               uint32_t next)
{
    for (size_t i = 0; i < count; i++) {
        if (!*ids[i])
            continue;
        next += put_chain(writer, *ids[i], next);
        *ids[i] = next - 1;
    }
    return next;
}
