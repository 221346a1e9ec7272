/* SPDX-License-Identifier: MIT
 *
 * Files that are opened before the program gives up the right to open any (Landlock): descriptors
 * with high numbers, closed at exec. The program may close them, and a forked child has its
 * parent's: what is not the file any more is not used.
 */
#ifndef BASE_KEPT_FILES_H
#define BASE_KEPT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kept_file {
    int fd; /* 0: none is kept */
    int pid; /* of the process that opened it */
    uint64_t device, inode;
};

/* Keeps the file behind `fd`, which is closed in any case. False if it could not be kept. */
bool kept_file_set(struct kept_file *file, int fd);

/* Another descriptor of the file, at its start, or -EACCES. They share their place in it. */
long kept_file_open(const struct kept_file *file);

/* Opens and keeps what of /proc a process needs at its end. */
void kept_files_of_proc(void);

/* The one for a path of /proc/self or /proc/thread-self, or -EACCES. */
long kept_proc_open(const char *path);

#endif
