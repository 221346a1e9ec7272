/* SPDX-License-Identifier: MIT
 *
 * The file is an ordinary trace:
 *
 *     header, PROCESS, NOTE                    written once
 *     MODULE, THREAD, FINDING ... PADDING      room for what comes later; PADDING is the rest of it
 *     STACKS                                   node `id` of the depot at its place; zero: none yet
 *     LIVE                                     a hash table of the blocks
 *     END
 *
 * Order of stores is what makes it true at every moment, since a process that is killed has made
 * all stores up to some instruction and none after: a record's rest is there before its header, a
 * stack's callers before the stack, a stack and an entry's fields before the entry's address.
 *
 * The table. A block's entry is found by its address: buckets of 256 entries; blocks of the same 2
 * MiB have the same sequence of buckets, and within a bucket the place is given by the address too,
 * so that neighbours share pages of the file. An entry that was used stays "used": a search goes on
 * behind it. Insertion takes the first free entry of the sequence, without looking further, since
 * an address is entered only once. There is no lock.
 *
 * Pages of the file are asked of the file system before they are touched (fallocate), so that a
 * full disk is an error of a system call. Where that is no promise, the fault handler asks
 * recorder_lost_page().
 */
#include "trace/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/lock.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "base/sys.h"
#include "base/thread.h"
#include "stack/depot.h"
#include "stack/modules.h"

#define ROOM_SIZE    ((size_t)16 << 20)
#define MAX_NODES    ((size_t)4 << 20)
#define MAX_BLOCKS   ((size_t)8 << 20)
#define BUCKET       256
#define MAX_PROBES   4096
#define EXTENT       ((size_t)16 << 10)
#define LARGEST_FILE ((size_t)512 << 20)
#define MAX_EXTENTS  (LARGEST_FILE / EXTENT)
#define DEEPEST      256

/* An entry's address while it holds no block. */
enum { ENTRY_FREE, ENTRY_USED, ENTRY_BUSY };

#define FULL_TEXT "the live file has no room for more blocks; it shows a part of them"
#define LOST_TEXT                                                                                  \
    "the live file cannot be written any more; is the disk full? What lives is not recorded from " \
    "here on"

_Atomic uint32_t *recorder_switch;

static struct {
    char path[4096];
    char *file;
    bool made; /* the file is there, and ours to remove */
    size_t size;
    size_t room, room_end; /* offsets: of the PADDING record, and of the end of the room */
    size_t nodes, table, blocks;
    struct trace_writer writer; /* LOCK_RECORDER */
    _Atomic uint32_t modules, threads; /* recorded */
    _Atomic uint32_t longest; /* probes that any entry took */
    _Atomic uint64_t present[MAX_EXTENTS / 64];
} recorder;

static void switch_off(void)
{
    if (recorder_switch)
        atomic_store(recorder_switch, 0);
}

/* ---- room in the file */

static long provide(size_t first, size_t last)
{
    static const char zeros[EXTENT];
    long fd = sys_open_regular(recorder.path, O_RDWR | O_NOFOLLOW);
    if (sys_failed(fd))
        return fd;
    long result = 0;
    for (size_t extent = first; extent <= last && !sys_failed(result); extent++) {
        /* The file ends within its last extent, and must not grow: its end is announced in it. */
        size_t length = min_size(EXTENT, recorder.size - extent * EXTENT);
        result = sys_call4(SYS_fallocate, fd, 0, (long)(extent * EXTENT), (long)length);
        if (result == -EOPNOTSUPP || result == -ENOSYS) /* then nobody has written there yet */
            result =
                sys_call4(SYS_pwrite64, fd, (long)zeros, (long)length, (long)(extent * EXTENT));
        if (!sys_failed(result))
            atomic_fetch_or(&recorder.present[extent / 64], (uint64_t)1 << extent % 64);
    }
    sys_close((int)fd);
    return sys_failed(result) ? result : 0;
}

static NOINLINE bool provide_slow(size_t first, size_t last)
{
    uint64_t mask = lock_enter(LOCK_RECORDER);
    bool missing = false;
    for (size_t extent = first; extent <= last; extent++)
        missing |= !(atomic_load(&recorder.present[extent / 64]) >> extent % 64 & 1);
    long result = missing ? provide(first, last) : 0;
    lock_leave(LOCK_RECORDER, mask);
    if (!result)
        return true;
    switch_off();
    notice_once(MMT_NOTE_DEGRADED, LOST_TEXT);
    return false;
}

/* Before [offset, offset + length) is touched. */
static bool have(size_t offset, size_t length)
{
    size_t first = offset / EXTENT, last = (offset + length - 1) / EXTENT;
    for (size_t extent = first; extent <= last; extent++)
        if (unlikely(!(atomic_load_explicit(&recorder.present[extent / 64], memory_order_relaxed) >>
                           extent % 64 &
                       1)))
            return provide_slow(first, last);
    return true;
}

bool recorder_lost_page(uintptr_t address)
{
    uintptr_t start = (uintptr_t)recorder.file;
    if (!start || address - start >= recorder.size)
        return false;
    switch_off();
    bool replaced =
        (long)sys_call6(SYS_mmap, (long)start, (long)recorder.size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
                        0) == (long)start;
    notice_once(MMT_NOTE_DEGRADED, LOST_TEXT);
    return replaced;
}

/* ---- records that come later */

struct append {
    void (*put)(struct trace_writer *writer, void *argument);
    void *argument;
};

static long append_locked(const struct append *append)
{
    struct trace_writer *writer = &recorder.writer;
    long fd = sys_open_regular(recorder.path, O_WRONLY | O_NOFOLLOW);
    if (sys_failed(fd))
        return fd;
    trace_resume(writer, (int)fd, recorder.room);
    append->put(writer, append->argument);
    size_t after = writer->offset;
    struct mmt_record rest = {.type = MMT_PADDING,
                              .length = recorder.room_end - after - sizeof(rest)};
    long result = writer->error;
    if (after == recorder.room) /* nothing to say */
        result = 0;
    else if (!result && (after + sizeof(rest) > recorder.room_end ||
                         after - recorder.room > sizeof(writer->buffer)))
        result = -ENOSPC;
    else if (!result)
        result = sys_call4(SYS_pwrite64, fd, (long)&rest, sizeof(rest), (long)after);
    if (!sys_failed(result) && after != recorder.room)
        result = sys_call4(SYS_pwrite64, fd, (long)writer->buffer, (long)(after - recorder.room),
                           (long)recorder.room);
    if (!sys_failed(result))
        recorder.room = after;
    sys_close((int)fd);
    return sys_failed(result) ? result : 0;
}

void recorder_append(void (*put)(struct trace_writer *writer, void *argument), void *argument)
{
    if (!recorder_on())
        return;
    struct append append = {put, argument};
    uint64_t mask = lock_enter(LOCK_RECORDER);
    long result = append_locked(&append);
    lock_leave(LOCK_RECORDER, mask);
    if (result)
        notice_once(MMT_NOTE_DEGRADED,
                    "the live file has no room for more modules, threads or errors");
}

static void put_module(struct trace_writer *writer, void *unused)
{
    (void)unused;
    uint32_t id = atomic_load(&recorder.modules) + 1;
    if (id > modules_count())
        return;
    trace_put_module(writer, id, id);
    atomic_store(&recorder.modules, id);
}

static void recorder_put_thread(struct trace_writer *writer, void *unused)
{
    (void)unused;
    uint32_t id = atomic_load(&recorder.threads) + 1;
    if (id > thread_count())
        return;
    trace_put_thread(writer, id, 0);
    atomic_store(&recorder.threads, id);
}

/* ---- stacks */

static bool node_present(uint32_t id)
{
    const struct mmt_frame *node = (const void *)(recorder.file + recorder.nodes);
    return id > MAX_NODES || !have(recorder.nodes + (id - 1) * sizeof(*node), sizeof(*node)) ||
           __atomic_load_n(&node[id - 1].pc, __ATOMIC_ACQUIRE);
}

/* Callers first. */
static NOINLINE void record_stack(uint32_t stack)
{
    uint32_t missing[DEEPEST], count = 0;
    struct mmt_frame *nodes = (void *)(recorder.file + recorder.nodes);
    for (uint32_t id = stack; id && count < DEEPEST && !node_present(id);
         id = depot_node(id)->parent)
        missing[count++] = id;
    while (count-- > 0) {
        const struct mmt_frame *node = depot_node(missing[count]);
        struct mmt_frame *copy = &nodes[missing[count] - 1];
        while (recorder_on() &&
               (node->module & MMT_FRAME_MODULE_MASK) > atomic_load(&recorder.modules)) {
            uint32_t before = atomic_load(&recorder.modules);
            recorder_append(put_module, NULL);
            if (atomic_load(&recorder.modules) == before)
                break;
        }
        copy->parent = node->parent;
        copy->module = node->module;
        __atomic_store_n(&copy->pc, node->pc, __ATOMIC_RELEASE);
    }
}

void recorder_stack(uint32_t stack)
{
    if (recorder_on() && stack && stack <= MAX_NODES && !node_present(stack))
        record_stack(stack);
}

/* ---- blocks */

static uint64_t mixed(uint64_t value)
{
    value *= 0x9e3779b97f4a7c15u;
    value = (value ^ value >> 32) * 0xd6e8feb86659fd93u;
    return value ^ value >> 32;
}

static size_t place(uintptr_t address, uint32_t probe)
{
    uint64_t bucket =
        mixed((address >> 21) + (uint64_t)probe * 0x9e3779b1u) % (MAX_BLOCKS / BUCKET);
    uint64_t within = (address >> 13) ^ (probe ? mixed(address + probe) : 0);
    return bucket * BUCKET + within % BUCKET;
}

static struct mmt_live *entry_at(size_t index)
{
    return (struct mmt_live *)(recorder.file + recorder.table) + index;
}

void recorder_add(const struct mmt_live *block)
{
    recorder_stack(block->stack);
    while (
        unlikely(block->thread > atomic_load_explicit(&recorder.threads, memory_order_relaxed)) &&
        recorder_on()) {
        uint32_t before = atomic_load(&recorder.threads);
        recorder_append(recorder_put_thread, NULL);
        if (atomic_load(&recorder.threads) == before)
            break;
    }
    for (uint32_t probe = 0; probe < MAX_PROBES; probe++) {
        size_t index = place(block->address, probe);
        struct mmt_live *entry = entry_at(index);
        if (!have(recorder.table + index * sizeof(*entry), sizeof(*entry)) || !recorder_on())
            return;
        uint64_t state = __atomic_load_n(&entry->address, __ATOMIC_RELAXED);
        if (state > ENTRY_USED ||
            !__atomic_compare_exchange_n(&entry->address, &state, ENTRY_BUSY, false,
                                         __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            continue;
        entry->size = block->size;
        entry->stack = block->stack <= MAX_NODES ? block->stack : 0;
        entry->thread = block->thread;
        entry->function = block->function;
        __atomic_store_n(&entry->address, block->address, __ATOMIC_RELEASE);
        for (uint32_t longest = atomic_load(&recorder.longest);
             longest < probe + 1 &&
             !atomic_compare_exchange_weak(&recorder.longest, &longest, probe + 1);)
            ;
        return;
    }
    notice_once(MMT_NOTE_DEGRADED, FULL_TEXT);
}

void recorder_remove(uintptr_t address)
{
    uint32_t longest = atomic_load_explicit(&recorder.longest, memory_order_relaxed);
    for (uint32_t probe = 0; probe < longest; probe++) {
        size_t index = place(address, probe);
        struct mmt_live *entry = entry_at(index);
        if (!have(recorder.table + index * sizeof(*entry), sizeof(*entry)) || !recorder_on())
            return;
        uint64_t found = __atomic_load_n(&entry->address, __ATOMIC_RELAXED);
        if (found == address) {
            __atomic_store_n(&entry->address, ENTRY_USED, __ATOMIC_RELEASE);
            return;
        }
        if (found == ENTRY_FREE)
            return;
    }
}

/* ---- begin and end */

static void put_note(struct trace_writer *writer, const char *text)
{
    struct mmt_note note = {.severity = MMT_NOTE_INCOMPLETE};
    struct mmt_text *span = &note.text;
    struct trace_bytes bytes = {text, text_length(text)};
    trace_put_record(writer, MMT_NOTE, &note, sizeof(note), &span, &bytes, 1);
}

static long put_at(int fd, size_t offset, const void *data, size_t length)
{
    long written = sys_call4(SYS_pwrite64, fd, (long)data, (long)length, (long)offset);
    return sys_failed(written) ? written : written == (long)length ? 0 : -EIO;
}

/* What stands in front of the large tables; the tables themselves are holes. */
static long recorder_lay_out(int fd, size_t begin)
{
    struct {
        struct mmt_record record;
        struct mmt_stacks head;
    } stacks = {{.type = MMT_STACKS,
                 .length = sizeof(struct mmt_stacks) + MAX_NODES * sizeof(struct mmt_frame)},
                {1, MAX_NODES}};
    struct {
        struct mmt_record record;
        struct mmt_live_blocks head;
    } live = {{.type = MMT_LIVE,
               .length = sizeof(struct mmt_live_blocks) + MAX_BLOCKS * sizeof(struct mmt_live)},
              {.entry_size = sizeof(struct mmt_live), .count = MAX_BLOCKS}};
    struct {
        struct mmt_record record;
        struct mmt_end end;
    } end = {{.type = MMT_END, .length = sizeof(struct mmt_end)}, {0}};
    recorder.room = begin;
    recorder.nodes = align_up(ROOM_SIZE + sizeof(stacks), 16);
    recorder.room_end = recorder.nodes - sizeof(stacks);
    size_t live_at = recorder.nodes + MAX_NODES * sizeof(struct mmt_frame);
    recorder.table = live_at + sizeof(live);
    size_t end_at = recorder.table + MAX_BLOCKS * sizeof(struct mmt_live);
    recorder.size = end_at + sizeof(end);
    end.end.file_size = recorder.size;
    struct mmt_record rest = {.type = MMT_PADDING,
                              .length = recorder.room_end - begin - sizeof(rest)};
    long result = sys_call3(SYS_ftruncate, fd, (long)recorder.size, 0);
    if (!result)
        result = put_at(fd, recorder.room, &rest, sizeof(rest));
    if (!result)
        result = put_at(fd, recorder.nodes - sizeof(stacks), &stacks, sizeof(stacks));
    if (!result)
        result = put_at(fd, live_at, &live, sizeof(live));
    if (!result)
        result = put_at(fd, end_at, &end, sizeof(end));
    return result;
}

_Static_assert(sizeof(struct mmt_record) + sizeof(struct mmt_stacks) == 24,
               "the nodes follow their record");

static long make_file(int fd, const struct trace_process *process)
{
    struct trace_writer *writer = &recorder.writer;
    trace_start(writer, fd);
    trace_put_process(writer, process);
    put_note(writer, "the process was killed, or still runs: what lived is listed as reachable, "
                     "leaks were not looked for");
    long result = trace_flush(writer);
    if (!result)
        result = recorder_lay_out(fd, writer->offset);
    if (result)
        return result;
    recorder.file = own_map_file(fd, recorder.size);
    return recorder.file ? trace_publish(recorder.path) : -ENOMEM;
}

int recorder_start(const char *directory, const struct trace_process *process)
{
    if (!recorder_switch) {
        _Atomic uint32_t *word = own_map(sizeof(*word));
        if (!word)
            return -ENOMEM;
        sys_advise((void *)word, PAGE_SIZE, MADV_WIPEONFORK);
        recorder_switch = word;
    }
    atomic_store(&recorder.modules, 0);
    atomic_store(&recorder.threads, 0);
    atomic_store(&recorder.longest, 0);
    for (size_t i = 0; i < ARRAY_LENGTH(recorder.present); i++)
        atomic_store_explicit(&recorder.present[i], 0, memory_order_relaxed);
    struct rlimit limit;
    if (!sys_failed(sys_call3(SYS_getrlimit, RLIMIT_FSIZE, (long)&limit, 0)) &&
        limit.rlim_cur < LARGEST_FILE)
        return -EFBIG; /* trying would raise a signal */
    int fd = trace_create(directory, MMT_LIVE_TAG, recorder.path, sizeof(recorder.path));
    if (fd < 0)
        return fd;
    long result = make_file(fd, process);
    sys_close(fd);
    if (result) {
        sys_call3(SYS_unlink, (long)recorder.path, 0, 0);
        recorder_after_fork();
        return (int)result;
    }
    recorder.made = true;
    atomic_store(recorder_switch, 1);
    return 0;
}

void recorder_stop(void)
{
    if (!recorder.made)
        return;
    recorder.made = false;
    switch_off();
    /* A reader must not count the blocks twice should the process be killed right here. */
    struct mmt_live_blocks *head = (struct mmt_live_blocks *)(recorder.file + recorder.table) - 1;
    __atomic_store_n(&head->closed, 1, __ATOMIC_RELEASE);
    sys_call3(SYS_unlink, (long)recorder.path, 0, 0);
}

void recorder_after_fork(void)
{
    if (recorder.file)
        own_forget(recorder.file);
    recorder.file = NULL;
    recorder.made = false;
    switch_off();
}
