/* SPDX-License-Identifier: MIT
 *
 * A reader of /proc/self/maps that needs no libc, no lock and no memory but the caller's: usable
 * with the world stopped.
 */
#ifndef BASE_MAPS_H
#define BASE_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct maps_entry {
    uintptr_t start, end;
    bool readable, writable, executable, shared;
    uint64_t offset, device, inode;
    const char *path; /* valid until the next call; "" if the mapping has none */
};

struct maps_reader {
    int fd;
    size_t begin, end;
    char buffer[8192];
};

/* 0 or -errno (no /proc, no descriptor left). The thread's own view: that of the process is empty
 * when its first thread has ended. */
int maps_open(struct maps_reader *reader);
/* False at the end. A line longer than the buffer has its path cut. */
bool maps_next(struct maps_reader *reader, struct maps_entry *entry);

/* How much of a mapping is in memory or swapped out, in kilobytes. */
struct maps_size {
    uintptr_t start, end;
    uint64_t used;
};

/* The same for sizes. The kernel takes time in proportion to what is in use. */
int maps_open_sizes(struct maps_reader *reader);
bool maps_next_size(struct maps_reader *reader, struct maps_size *size);

void maps_close(struct maps_reader *reader);

/* The mapping that holds `address`: false if there is none or /proc cannot be read. `path` receives
 * the path, cut to `size`. */
bool maps_find(uintptr_t address, struct maps_entry *entry, char *path, size_t size);

#endif
