/* SPDX-License-Identifier: MIT
 *
 * Where programs, libraries, debug files and sources are looked for when they are not where the
 * trace says.
 */
#ifndef ELF_SYMSEARCH_H
#define ELF_SYMSEARCH_H

#include "util/failure.h"
#include "util/vec.h"

#define SYMSEARCH_DEBUG "/usr/lib/debug"

struct symsearch {
    const char
        *sysroot; /* a folder that has the files of the machine the program ran on; NULL: none */
    VEC(struct symsearch_map {
        const char *from; /* not terminated: `length` bytes */
        size_t length;
        const char *to;
    })
    maps;
    const char *debug; /* folders of debug files, separated by colons; NULL: SYMSEARCH_DEBUG */
    const char *backend; /* "libdw" or "libdwarf"; NULL: libdw */
    const char *cache; /* folder for names that were found; NULL: none */
    const char *debuginfod; /* folder of files that debuginfod's clients have fetched; NULL: none */
    bool fetch; /* ask debuginfod's servers for what is not there; see debuginfod_start() */
};

/* Takes the folders from the environment: the cache and debuginfod's. They stay until the program
 * ends. */
void symsearch_init(struct symsearch *search);
void symsearch_free(struct symsearch *search);

/* Adds "FROM=TO": paths that begin with the folder FROM are looked for under TO. `text` must stay.
 */
bool symsearch_add_map(struct symsearch *search, const char *text, struct failure *failure);

/* The place number `i` (from 0) at which a recorded path is looked for, or NULL after the last. To
 * be released with free(). */
char *symsearch_place(const struct symsearch *search, const char *path, unsigned i);

/* Opens a path of the trace, or of a program's debug information, at the first place that has a
 * regular file. Returns a descriptor, or -1. */
int symsearch_open(const struct symsearch *search, const char *path);

/* The folder number `i` of debug files, or NULL after the last. To be released with free(). */
char *symsearch_debug(const struct symsearch *search, unsigned i);

/* Opens a regular file for reading, nothing else: paths come from traces and might name devices.
 * Returns -1 if there is none. */
int symsearch_open_file(const char *path);

#endif
