/* SPDX-License-Identifier: MIT
 *
 * What libguard writes, read back: record by record, and by mmreport's loader.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/program.h"
#include "in_child.h"
#include "load/load.h"
#include "stack/depot.h"
#include "trace/state.h"
#include "trace/writer.h"
#include "unit.h"

SUITE("trace/writer", NULL, NULL);

static struct trace_writer writer;

static int new_trace(void)
{
    int fd = memfd_create("trace", 0);
    CU_ASSERT_FATAL(fd >= 0);
    trace_start(&writer, fd);
    return fd;
}

static void put_note(const char *text, size_t length)
{
    struct mmt_note note = {.severity = MMT_NOTE_DEGRADED};
    struct mmt_text *spans[] = {&note.text};
    trace_put_record(&writer, MMT_NOTE, &note, sizeof(note), spans,
                     &(struct trace_bytes){text, length}, 1);
}

static void put_process(void)
{
    struct mmt_process process = {.pid = 7, .ending = MMT_ENDING_EXIT, .status = 3};
    struct mmt_text *spans[] = {&process.executable, &process.arguments, &process.directory,
                                &process.backend};
    struct trace_bytes texts[] = {{"/bin/x", 6}, {"x\0-y", 5}, {"/", 1}, {"guard", 5}};
    trace_put_record(&writer, MMT_PROCESS, &process, sizeof(process), spans, texts, 4);
}

/* The payload of the record at *offset, which is moved behind it. */
static const char *next_record(const char *data, size_t *offset, enum mmt_type type,
                               uint64_t length)
{
    struct mmt_record record;
    memcpy(&record, data + *offset, sizeof(record));
    const char *payload = data + *offset + sizeof(record);
    CU_ASSERT(record.type == type && record.length == length && record.reserved == 0);
    for (uint64_t i = record.length; i % 8; i++)
        CU_ASSERT_EQUAL(payload[i], 0);
    *offset += sizeof(record) + (record.length + 7) / 8 * 8;
    return payload;
}

TEST(record_by_record, "record by record")
{
    static char large[50000], data[70000];
    for (size_t i = 0; i < sizeof(large); i++)
        large[i] = (char)(i * 7);
    int fd = new_trace();
    put_note("", 0);
    put_note("abc", 3);
    put_note(large, sizeof(large)); /* more than the writer's buffer */
    trace_open_record(&writer, MMT_STACKS, 11);
    trace_put(&writer, "12345", 5);
    trace_put(&writer, "678901", 6);
    trace_close_record(&writer);
    CU_ASSERT_EQUAL(trace_finish(&writer), 0);
    ssize_t size = pread(fd, data, sizeof(data), 0);
    close(fd);

    struct mmt_header header;
    struct mmt_note note;
    struct mmt_end end;
    memcpy(&header, data, sizeof(header));
    CU_ASSERT(!memcmp(header.magic, MMT_MAGIC, 8) && header.version == MMT_VERSION);
    CU_ASSERT(header.byte_order == MMT_BYTE_ORDER && header.machine == 62);
    size_t at = header.header_size;
    next_record(data, &at, MMT_NOTE, sizeof(note));
    const char *payload = next_record(data, &at, MMT_NOTE, sizeof(note) + 3);
    memcpy(&note, payload, sizeof(note));
    CU_ASSERT(note.text.length == 3 && !memcmp(payload + note.text.offset, "abc", 3));
    payload = next_record(data, &at, MMT_NOTE, sizeof(note) + sizeof(large));
    CU_ASSERT(!memcmp(payload + sizeof(note), large, sizeof(large)));
    CU_ASSERT(!memcmp(next_record(data, &at, MMT_STACKS, 11), "12345678901", 11));
    memcpy(&end, next_record(data, &at, MMT_END, sizeof(end)), sizeof(end));
    CU_ASSERT_EQUAL(end.records, 4);
    CU_ASSERT(end.file_size == (uint64_t)size && at == (size_t)size);
}

TEST(by_the_loader, "by the loader")
{
    struct profile profile;
    struct failure failure = {0};
    int fd = new_trace();
    put_process();
    put_note("something", 9);
    CU_ASSERT_EQUAL(trace_finish(&writer), 0);
    profile_init(&profile);
    CU_ASSERT_TRUE_FATAL(load_descriptor(&profile, fd, "T", &failure));
    CU_ASSERT_FALSE(profile.incomplete);
    CU_ASSERT_EQUAL_FATAL(profile.processes.count, 1);
    const struct process *process = &profile.processes.items[0];
    CU_ASSERT(process->pid == 7 && process->ending == MMT_ENDING_EXIT && process->status == 3);
    CU_ASSERT_STRING_EQUAL(process->executable, "/bin/x");
    CU_ASSERT_STRING_EQUAL(process->arguments, "x -y");
    CU_ASSERT_STRING_EQUAL(process->backend, "guard");
    CU_ASSERT_EQUAL_FATAL(profile.notes.count, 1);
    CU_ASSERT_STRING_EQUAL(profile.notes.items[0].text, "something");
    profile_free(&profile);
    close(fd);
}

static void put_leak(const struct mmt_leak *leak)
{
    struct mmt_leaks head = {.count = 1};
    trace_open_record(&writer, MMT_LEAKS, sizeof(head) + sizeof(*leak));
    trace_put(&writer, &head, sizeof(head));
    trace_put(&writer, leak, sizeof(*leak));
    trace_close_record(&writer);
}

/* A stack of three frames, one of them in this program's code; before and behind it in the depot
 * others of which the trace says nothing. */
static uint32_t known_and_unknown_stacks(void)
{
    uintptr_t here = (uintptr_t)known_and_unknown_stacks + 1;
    struct depot_frame frames[] = {{here, 0}, {0x50000002, 0}, {0x50000001, 0}};
    struct depot_frame others[] = {{0x50000009, 0}, {0x50000001, 0}};
    depot_put(others, 2);
    uint32_t stack = depot_put(frames, 3);
    others[0].pc++;
    depot_put(others, 2);
    return stack;
}

static int put_state(const void *unused)
{
    (void)unused;
    struct trace_process process = {
        .ending = MMT_ENDING_QUICK_EXIT, .status = 5, .start_time = 1, .backend = "move"};
    struct profile profile;
    struct failure failure = {0};
    program_init();
    int fd = memfd_create("trace", 0);
    trace_start(&writer, fd);
    trace_put_process(&writer, &process);
    struct selection selection;
    uint32_t stack = known_and_unknown_stacks();
    selection_begin(&selection);
    selection_name_stack(&selection, stack);
    selection_number(&selection);
    selection_put_modules(&selection, &writer);
    selection_put_stacks(&selection, &writer);
    selection_put_threads(&selection, &writer);
    struct mmt_leak leak = {.stack = selection_stack(&selection, stack), .blocks = 1, .bytes = 3};
    put_leak(&leak);
    selection_end(&selection);
    trace_put_notices(&writer);
    REQUIRE(trace_finish(&writer) == 0);
    profile_init(&profile);
    REQUIRE(load_descriptor(&profile, fd, "T", &failure) && profile.processes.count == 1);
    const struct process *loaded = &profile.processes.items[0];
    REQUIRE(loaded->pid == (uint32_t)getpid() && loaded->parent_pid == (uint32_t)getppid());
    REQUIRE(!strcmp(loaded->executable, program_path()) &&
            strstr(loaded->executable, "unit-tests"));
    REQUIRE(loaded->end_time > 1 && loaded->status == 5 && !profile.incomplete);
    /* What a record names, and nothing else; the first element of each list is none. */
    REQUIRE(profile.leaks.count == 1 && profile.leaks.items[0].record.stack == 3);
    REQUIRE(profile.stacks.count == 4 && profile.modules.count == 2);
    return 0;
}

TEST(state, "the state of this process")
{
    CU_ASSERT_EQUAL(in_child(put_state, NULL), 0);
}

TEST(errors_are_kept, "errors are kept")
{
    int full = open("/dev/full", O_WRONLY);
    CU_ASSERT_FATAL(full >= 0);
    trace_start(&writer, full);
    for (int i = 0; i < 2000; i++)
        put_note("text", 4);
    CU_ASSERT_EQUAL(trace_finish(&writer), -ENOSPC);
    close(full);
    trace_start(&writer, full);
    CU_ASSERT_EQUAL(trace_finish(&writer), -EBADF);
    int fd = new_trace();
    trace_open_record(&writer, MMT_NOTE, 8);
    trace_put(&writer, "1234", 4); /* less than announced */
    trace_close_record(&writer);
    CU_ASSERT_EQUAL(trace_finish(&writer), -EIO);
    close(fd);
}

static int files(const void *argument)
{
    const char *directory = argument;
    char first[4096], second[4096], target[4200], small[40];
    struct stat status;
    program_init();
    int fd = trace_create(directory, "", first, sizeof(first));
    REQUIRE(fd >= 0 && fstat(fd, &status) == 0 && (status.st_mode & 0777) == 0600);
    REQUIRE(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    REQUIRE(strlen(first) > 9 && !strcmp(first + strlen(first) - 9, ".mmg.part"));
    REQUIRE(trace_create(directory, "", second, sizeof(second)) >= 0 && strcmp(first, second));
    REQUIRE(trace_publish(first) == 0 && access(first, R_OK) == 0);
    REQUIRE(!strcmp(first + strlen(first) - 4, MMT_SUFFIX));
    /* A name that is taken is never replaced, nor is a link followed. */
    snprintf(target, sizeof(target), "%.*s", (int)strlen(second) - 5, second);
    REQUIRE(symlink("/nowhere", target) == 0 && trace_publish(second) == -EEXIST);
    REQUIRE(access(second, R_OK) == 0);
    REQUIRE(unlink(first) == 0 && unlink(second) == 0 && unlink(target) == 0);
    snprintf(target, sizeof(target), "%s.part", first);
    REQUIRE(symlink("made-by-link", target) == 0);
    REQUIRE(trace_create(directory, "", second, sizeof(second)) >= 0 && strcmp(second, target));
    REQUIRE(unlink(second) == 0 && unlink(target) == 0);
    REQUIRE(trace_create("/nowhere", "", first, sizeof(first)) == -ENOENT);
    REQUIRE(trace_create(directory, "", small, sizeof(small)) == -ENAMETOOLONG);
    return 0;
}

TEST(names_of_files, "names of files")
{
    char directory[] = "/tmp/trace-test-XXXXXX";
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
    CU_ASSERT_EQUAL(in_child(files, directory), 0);
    CU_ASSERT_EQUAL(rmdir(directory), 0);
}
