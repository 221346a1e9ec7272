/* SPDX-License-Identifier: MIT */
#include "base/maps.h"

#include "base/bits.h"
#include "base/sys.h"

int maps_open(struct maps_reader *reader)
{
    /* Of the thread, since those of the process are empty when its first thread has ended. */
    long fd = sys_open_proc("/proc/thread-self/maps");
    if (sys_failed(fd))
        fd = sys_open_proc("/proc/self/maps");
    if (sys_failed(fd))
        return (int)fd;
    reader->fd = (int)fd;
    reader->begin = reader->end = 0;
    return 0;
}

void maps_close(struct maps_reader *reader)
{
    sys_close(reader->fd);
}

static bool maps_refill(struct maps_reader *reader)
{
    size_t kept = reader->end - reader->begin;
    for (size_t i = 0; i < kept; i++)
        reader->buffer[i] = reader->buffer[reader->begin + i];
    reader->begin = 0;
    reader->end = kept;
    size_t room = sizeof(reader->buffer) - 1 - kept;
    if (!room)
        return false;
    long got;
    do
        got = sys_read(reader->fd, reader->buffer + kept, room);
    while (got == -4 /* EINTR */);
    if (got <= 0)
        return false;
    reader->end += (size_t)got;
    return true;
}

/* The next line, terminated; NULL at the end. */
static char *next_line(struct maps_reader *reader)
{
    size_t scanned = 0;
    for (;;) {
        char *line = reader->buffer + reader->begin;
        for (; reader->begin + scanned < reader->end; scanned++) {
            if (line[scanned] == '\n') {
                line[scanned] = 0;
                reader->begin += scanned + 1;
                return line;
            }
        }
        if (maps_refill(reader))
            continue;
        if (!scanned)
            return NULL;
        line = reader->buffer + reader->begin;
        line[scanned] = 0;
        reader->begin = reader->end;
        return line;
    }
}

static uint64_t maps_number(char **text, unsigned base)
{
    uint64_t value = 0;
    for (;; (*text)++) {
        char c = **text;
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                                                : 99;
        if (digit >= base)
            return value;
        value = value * base + digit;
    }
}

static void skip(char **text, char c)
{
    while (**text == c)
        (*text)++;
}

bool maps_next(struct maps_reader *reader, struct maps_entry *entry)
{
    char *at = next_line(reader);
    if (!at)
        return false;
    entry->start = maps_number(&at, 16);
    skip(&at, '-');
    entry->end = maps_number(&at, 16);
    skip(&at, ' ');
    char flags[4] = {0};
    for (int i = 0; i < 4 && *at; i++)
        flags[i] = *at++;
    entry->readable = flags[0] == 'r';
    entry->writable = flags[1] == 'w';
    entry->executable = flags[2] == 'x';
    entry->shared = flags[3] == 's';
    skip(&at, ' ');
    entry->offset = maps_number(&at, 16);
    skip(&at, ' ');
    uint64_t major = maps_number(&at, 16);
    skip(&at, ':');
    entry->device = major << 32 | maps_number(&at, 16);
    skip(&at, ' ');
    entry->inode = maps_number(&at, 10);
    skip(&at, ' ');
    entry->path = at;
    return true;
}

int maps_open_sizes(struct maps_reader *reader)
{
    long fd = sys_open_proc("/proc/thread-self/smaps");
    if (sys_failed(fd))
        return (int)fd;
    reader->fd = (int)fd;
    reader->begin = reader->end = 0;
    return 0;
}

/* The number of a line "Word:   12 kB", if it is that word's. */
static uint64_t kilobytes(const char *line, const char *word)
{
    while (*word && *line == *word)
        line++, word++;
    char *at = (char *)line;
    skip(&at, ' ');
    return *word ? 0 : maps_number(&at, 10);
}

bool maps_next_size(struct maps_reader *reader, struct maps_size *size)
{
    char *at = next_line(reader);
    if (!at)
        return false;
    size->start = maps_number(&at, 16);
    skip(&at, '-');
    size->end = maps_number(&at, 16);
    size->used = 0;
    /* The last line of each mapping. */
    while ((at = next_line(reader)) && __builtin_strncmp(at, "VmFlags:", 8) != 0)
        size->used += kilobytes(at, "Rss:") + kilobytes(at, "Swap:");
    return at;
}

bool maps_find(uintptr_t address, struct maps_entry *entry, char *path, size_t size)
{
    struct maps_reader reader;
    if (maps_open(&reader))
        return false;
    bool found = false;
    while (!found && maps_next(&reader, entry))
        found = address >= entry->start && address < entry->end;
    if (found && size) {
        size_t length = min_size(text_length(entry->path), size - 1);
        for (size_t i = 0; i < length; i++)
            path[i] = entry->path[i];
        path[length] = 0;
        entry->path = path;
    }
    maps_close(&reader);
    return found;
}
