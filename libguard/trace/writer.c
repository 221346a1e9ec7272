/* SPDX-License-Identifier: MIT */
#include "trace/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>

#include "base/bits.h"
#include "base/print.h"
#include "base/program.h"
#include "base/sys.h"

#define PART_SUFFIX ".part"

/* A limit of file sizes (RLIMIT_FSIZE) raises a signal that would kill the program as soon as
 * signals are not blocked any more. */
static void drop_size_signal(void)
{
    uint64_t mask = (uint64_t)1 << (SIGXFSZ - 1), at_once[2] = {0, 0};
    sys_call4(SYS_rt_sigtimedwait, (long)&mask, 0, (long)at_once, sizeof(mask));
}

static void writer_flush(struct trace_writer *writer)
{
    if (!writer->error && writer->used)
        writer->error = sys_write_all(writer->fd, writer->buffer, writer->used);
    if (writer->error == -EFBIG)
        drop_size_signal();
    writer->used = 0;
}

static void put(struct trace_writer *writer, const void *data, size_t length)
{
    const char *from = data;
    writer->offset += length;
    while (length && !writer->error) {
        size_t room = sizeof(writer->buffer) - writer->used, part = min_size(room, length);
        copy_bytes(writer->buffer + writer->used, from, part);
        writer->used += part;
        from += part;
        length -= part;
        if (writer->used == sizeof(writer->buffer))
            writer_flush(writer);
    }
}

void trace_start(struct trace_writer *writer, int fd)
{
    writer->fd = fd;
    writer->error = 0;
    writer->offset = writer->records = 0;
    writer->used = 0;
    struct mmt_header header = {.version = MMT_VERSION,
                                .header_size = sizeof(header),
                                .byte_order = MMT_BYTE_ORDER,
                                .machine = 62};
    copy_bytes(header.magic, MMT_MAGIC, sizeof(header.magic));
    put(writer, &header, sizeof(header));
}

void trace_resume(struct trace_writer *writer, int fd, uint64_t offset)
{
    writer->fd = fd;
    writer->error = 0;
    writer->offset = offset;
    writer->records = 0;
    writer->used = 0;
    sys_call3(SYS_lseek, fd, (long)offset, 0);
}

long trace_flush(struct trace_writer *writer)
{
    writer_flush(writer);
    return writer->error;
}

void trace_open_record(struct trace_writer *writer, enum mmt_type type, uint64_t length)
{
    struct mmt_record record = {.type = type, .length = length};
    put(writer, &record, sizeof(record));
    writer->record_end = writer->offset + length;
    writer->records++;
}

void trace_put(struct trace_writer *writer, const void *data, size_t length)
{
    put(writer, data, length);
}

void trace_close_record(struct trace_writer *writer)
{
    static const char zeros[8];
    if (writer->offset != writer->record_end && !writer->error)
        writer->error = -EIO;
    put(writer, zeros, (8 - writer->offset % 8) % 8);
}

void trace_put_record(struct trace_writer *writer, enum mmt_type type, void *fixed, size_t size,
                      struct mmt_text *const *spans, const struct trace_bytes *texts, size_t count)
{
    size_t length = size;
    for (size_t i = 0; i < count; i++) {
        *spans[i] =
            (struct mmt_text){.offset = (uint32_t)length, .length = (uint32_t)texts[i].length};
        length += texts[i].length;
    }
    trace_open_record(writer, type, length);
    put(writer, fixed, size);
    for (size_t i = 0; i < count; i++)
        put(writer, texts[i].data, texts[i].length);
    trace_close_record(writer);
}

long trace_finish(struct trace_writer *writer)
{
    struct mmt_end end = {.records = writer->records,
                          .file_size =
                              writer->offset + sizeof(struct mmt_record) + sizeof(struct mmt_end)};
    trace_open_record(writer, MMT_END, sizeof(end));
    put(writer, &end, sizeof(end));
    trace_close_record(writer);
    writer_flush(writer);
    return writer->error;
}

/* The program's own name, cut before a character of UTF-8 where a file name with all that stands
 * around it would be too long. */
static void print_program(struct print *p)
{
    enum { LONGEST = 160 };
    const char *name = program_name();
    size_t length = text_length(name);
    if (length > LONGEST)
        for (length = LONGEST; length && ((uint8_t)name[length] & 0xc0) == 0x80;)
            length--;
    print_bytes(p, name, length);
}

static void print_file_name(struct print *p, const char *directory, const char *tag,
                            unsigned attempt)
{
    print_text(p, directory);
    print_text(p, "/mmguard-");
    print_program(p);
    print_char(p, '-');
    print_unsigned(p, (uint64_t)sys_getpid());
    print_text(p, tag);
    if (attempt) {
        print_char(p, '-');
        print_unsigned(p, attempt + 1);
    }
    print_text(p, MMT_SUFFIX PART_SUFFIX);
    print_end(p);
}

static bool exists(char *path)
{
    return !sys_failed(sys_call4(SYS_faccessat, AT_FDCWD, (long)path, 0 /* F_OK */, 0));
}

/* Cuts the suffix that marks an unfinished file. */
static void drop_part_suffix(char *path)
{
    path[text_length(path) - (sizeof(PART_SUFFIX) - 1)] = 0;
}

int trace_create(const char *directory, const char *tag, char *path, size_t size)
{
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        struct print p;
        print_to_buffer(&p, path, size);
        print_file_name(&p, directory, tag, attempt);
        size_t length = p.used;
        if (length + 1 >= size)
            return -ENAMETOOLONG;
        drop_part_suffix(path);
        if (exists(path))
            continue;
        path[text_length(path)] = PART_SUFFIX[0];
        long fd =
            sys_openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd != -EEXIST)
            return (int)fd;
    }
    return -EEXIST;
}

long trace_rename(const char *path, const char *name)
{
    long result = sys_call6(SYS_renameat2, AT_FDCWD, (long)path, AT_FDCWD, (long)name,
                            1 /* RENAME_NOREPLACE */, 0);
    if (result == -EINVAL ||
        result == -ENOSYS) { /* the file system cannot; a second name can do the same */
        result = sys_call3(SYS_link, (long)path, (long)name, 0);
        if (!sys_failed(result))
            sys_call3(SYS_unlink, (long)path, 0, 0);
    }
    return result;
}

long trace_publish(char *path)
{
    char name[4096];
    size_t length = text_length(path);
    if (length >= sizeof(name))
        return -ENAMETOOLONG;
    copy_bytes(name, path, length + 1);
    drop_part_suffix(name);
    long result = trace_rename(path, name);
    if (!sys_failed(result))
        drop_part_suffix(path);
    return result;
}

long trace_replace(char *path, const char *earlier)
{
    long result = sys_call3(SYS_rename, (long)path, (long)earlier, 0);
    if (!sys_failed(result))
        copy_bytes(path, earlier, text_length(earlier) + 1);
    return result;
}
