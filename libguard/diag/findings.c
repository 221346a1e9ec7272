/* SPDX-License-Identifier: MIT */
#include "diag/findings.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>

#include "base/bits.h"
#include "base/lock.h"
#include "base/output.h"
#include "base/own_memory.h"
#include "base/stack_switch.h"
#include "base/sys.h"
#include "base/thread.h"
#include "diag/helper.h"
#include "diag/raw_text.h"
#include "stack/modules.h"

#define MOST       1000000u
#define STACK_SIZE ((size_t)256 << 10)
#define TEXT_SIZE  64

struct entry {
    struct mmt_finding finding;
    char call[TEXT_SIZE], where[TEXT_SIZE];
};

static struct {
    struct findings_options options;
    struct entry *entries; /* reserved for the limit, paid for as used */
    _Atomic uint32_t count;
    _Atomic uint64_t dropped;
    char *stack;
    struct trace_writer writer;
    void (*_Atomic observer)(const struct mmt_finding *finding);
    void (*_Atomic recorder)(const struct mmt_finding *finding);
    void (*_Atomic keeper)(uint32_t id);
} findings;

void findings_init(const struct findings_options *options)
{
    findings.options = *options;
    if (!findings.options.limit)
        findings.options.limit = MOST;
    findings.entries = own_map(findings.options.limit * sizeof(struct entry));
    findings.stack = own_map(STACK_SIZE);
}

void findings_on_own_stack(void (*function)(void *argument), void *argument)
{
    if (findings.stack)
        stack_switch_call(function, argument, findings.stack + STACK_SIZE);
    else
        function(argument);
}

static bool same(const struct mmt_finding *a, const struct mmt_finding *b)
{
    return a->kind == b->kind && a->stack == b->stack && a->alloc_stack == b->alloc_stack &&
           a->free_stack == b->free_stack;
}

static struct entry *findings_find(const struct mmt_finding *finding)
{
    uint32_t count = atomic_load(&findings.count);
    for (uint32_t i = 0; i < count; i++)
        if (same(&findings.entries[i].finding, finding))
            return &findings.entries[i];
    return NULL;
}

static void copy_text(char *to, const char *from)
{
    size_t length = from ? min_size(text_length(from), TEXT_SIZE - 1) : 0;
    copy_bytes(to, from, length);
    to[length] = 0;
}

static void findings_put_finding(struct trace_writer *writer, const struct entry *entry,
                                 const struct mmt_finding *finding)
{
    struct mmt_finding record = *finding;
    struct mmt_text *spans[] = {&record.call, &record.where};
    struct trace_bytes texts[] = {{entry->call, text_length(entry->call)},
                                  {entry->where, text_length(entry->where)}};
    trace_put_record(writer, MMT_FINDING, &record, sizeof(record), spans, texts,
                     ARRAY_LENGTH(spans));
}

static void findings_put_thread(struct trace_writer *writer, uint32_t id, uint32_t creation_stack,
                                struct findings_growth *growth)
{
    for (uint32_t i = 0; i < growth->threads; i++)
        if (growth->thread[i] == id)
            return;
    if (growth->threads == ARRAY_LENGTH(growth->thread))
        return;
    growth->thread[growth->threads++] = id;
    trace_put_thread(writer, id, creation_stack);
}

static void put_growing(struct trace_writer *writer, const struct entry *entry,
                        struct findings_growth *growth)
{
    for (; growth->modules < modules_count(); growth->modules++)
        trace_put_module(writer, growth->modules + 1, growth->modules + 1);
    struct mmt_finding finding = entry->finding;
    /* ... and who created them */
    uint32_t threads[6] = {finding.thread, finding.alloc_thread, finding.free_thread},
             creation[6] = {0};
    for (int i = 0; i < 3; i++) {
        const struct thread_info *info = thread_info_get(threads[i]);
        creation[i] = info ? info->creation_stack : 0;
        threads[3 + i] = info ? info->creator : 0;
    }
    uint32_t *const stacks[] = {&finding.stack, &finding.alloc_stack, &finding.free_stack,
                                &creation[0],   &creation[1],         &creation[2]};
    growth->stacks =
        trace_put_some_stacks(writer, stacks, ARRAY_LENGTH(stacks), growth->stacks + 1) - 1;
    for (int i = 0; i < 6; i++)
        findings_put_thread(writer, threads[i], creation[i], growth);
    findings_put_finding(writer, entry, &finding);
}

/* A trace of this one finding, in memory. The descriptor, or -errno. */
static int finding_trace(const struct entry *entry, const struct trace_process *process)
{
    int fd = (int)sys_call3(SYS_memfd_create, (long)"mmguard-finding", 1 /* MFD_CLOEXEC */, 0);
    if (fd < 0)
        return fd;
    struct trace_writer *writer = &findings.writer;
    struct findings_growth growth = {0};
    trace_start(writer, fd);
    trace_put_process(writer, process);
    put_growing(writer, entry, &growth);
    long result = trace_finish(writer);
    if (!result)
        result = sys_call3(SYS_lseek, fd, 0, 0);
    if (!sys_failed(result))
        return fd;
    sys_close(fd);
    return (int)result;
}

static void print_finding(const struct entry *entry, const struct trace_process *process)
{
    int output = output_open();
    if (output < 0)
        return;
    const char *const arguments[] = {"mmreport", "_finding", findings.options.color, NULL};
    int trace = findings.options.symbolize ? finding_trace(entry, process) : -1;
    if (trace < 0 || helper_run(arguments, trace, output))
        raw_text_print(&entry->finding, entry->call, entry->where, output);
    if (trace >= 0)
        sys_close(trace);
    output_close(output);
}

struct enter {
    struct mmt_finding *finding;
    const char *call, *where;
    const struct trace_process *process;
    bool new;
};

static void enter_locked(void *argument)
{
    struct enter *enter = argument;
    struct entry *entry = findings_find(enter->finding);
    if (entry) {
        entry->finding.count++;
        enter->finding->id = entry->finding.id;
        return;
    }
    enter->finding->id = 0;
    uint32_t count = atomic_load(&findings.count);
    if (count == findings.options.limit || !findings.entries) {
        atomic_fetch_add(&findings.dropped, 1);
        return;
    }
    entry = &findings.entries[count];
    enter->finding->id = count + 1;
    enter->finding->count = 1;
    enter->finding->time = sys_clock(CLOCK_REALTIME);
    entry->finding = *enter->finding;
    copy_text(entry->call, enter->call);
    copy_text(entry->where, enter->where);
    atomic_store(&findings.count, count + 1);
    enter->new = true;
    void (*keeper)(uint32_t) = atomic_load(&findings.keeper);
    if (keeper)
        keeper(count + 1);
    if (findings.options.print)
        print_finding(entry, enter->process);
}

bool findings_enter(struct mmt_finding *finding, const char *call, const char *where,
                    const struct trace_process *process)
{
    struct enter enter = {finding, call, where, process, false};
    uint64_t mask = lock_enter(LOCK_REPORT);
    findings_on_own_stack(enter_locked, &enter);
    lock_leave(LOCK_REPORT, mask);
    void (*observer)(const struct mmt_finding *) = atomic_load(&findings.observer);
    void (*recorder)(const struct mmt_finding *) = atomic_load(&findings.recorder);
    if (enter.new &&recorder)
        recorder(finding);
    if (enter.new &&observer)
        observer(finding);
    return enter.new;
}

void findings_record(void (*recorder)(const struct mmt_finding *finding))
{
    atomic_store(&findings.recorder, recorder);
}

void findings_keep(void (*keeper)(uint32_t id))
{
    atomic_store(&findings.keeper, keeper);
}

void findings_observe(void (*observer)(const struct mmt_finding *finding))
{
    atomic_store(&findings.observer, observer);
}

static struct entry *find_block(const struct mmt_finding *finding)
{
    uint32_t count = atomic_load(&findings.count);
    for (uint32_t i = count; i-- > 0;)
        if (findings.entries[i].finding.block_start == finding->block_start)
            return &findings.entries[i];
    for (uint32_t i = count; i-- > 0;)
        if (findings.entries[i].finding.alloc_stack == finding->alloc_stack &&
            findings.entries[i].finding.free_stack == finding->free_stack)
            return &findings.entries[i];
    return NULL;
}

void findings_count_again(const struct mmt_finding *finding)
{
    uint64_t mask = lock_enter(LOCK_REPORT);
    struct entry *entry = find_block(finding);
    if (entry)
        entry->finding.count++;
    lock_leave(LOCK_REPORT, mask);
}

void findings_count(uint32_t id)
{
    uint64_t mask = lock_enter(LOCK_REPORT);
    if (id && id <= atomic_load(&findings.count))
        findings.entries[id - 1].finding.count++;
    lock_leave(LOCK_REPORT, mask);
}

uint32_t findings_total(void)
{
    return atomic_load(&findings.count);
}

uint64_t findings_dropped(void)
{
    return atomic_load(&findings.dropped);
}

void findings_put_one(struct trace_writer *writer, uint32_t id)
{
    if (id && id <= atomic_load(&findings.count))
        findings_put_finding(writer, &findings.entries[id - 1], &findings.entries[id - 1].finding);
}

void findings_put_growing(struct trace_writer *writer, uint32_t id, struct findings_growth *growth)
{
    if (id && id <= atomic_load(&findings.count))
        put_growing(writer, &findings.entries[id - 1], growth);
}

void findings_name(struct selection *selection)
{
    uint32_t count = atomic_load(&findings.count);
    for (uint32_t i = 0; i < count; i++) {
        const struct mmt_finding *finding = &findings.entries[i].finding;
        selection_name_stack(selection, finding->stack);
        selection_name_stack(selection, finding->alloc_stack);
        selection_name_stack(selection, finding->free_stack);
        selection_name_thread(selection, finding->thread);
        selection_name_thread(selection, finding->alloc_thread);
        selection_name_thread(selection, finding->free_thread);
    }
}

void findings_put(struct trace_writer *writer, const struct selection *selection)
{
    uint32_t count = atomic_load(&findings.count);
    for (uint32_t i = 0; i < count; i++) {
        struct mmt_finding finding = findings.entries[i].finding;
        finding.stack = selection_stack(selection, finding.stack);
        finding.alloc_stack = selection_stack(selection, finding.alloc_stack);
        finding.free_stack = selection_stack(selection, finding.free_stack);
        findings_put_finding(writer, &findings.entries[i], &finding);
    }
}

void findings_after_fork(void)
{
    atomic_store(&findings.count, 0);
    atomic_store(&findings.dropped, 0);
}
