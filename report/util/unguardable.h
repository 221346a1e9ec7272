/* SPDX-License-Identifier: MIT
 *
 * Programs into which the system does not preload libraries.
 */
#ifndef UTIL_UNGUARDABLE_H
#define UTIL_UNGUARDABLE_H

#include <stdbool.h>

/* Whether the path is that of a dynamic loader, which starts the program that is its argument. */
bool unguardable_is_loader(const char *path);

/* Why the ELF file that is open for reading cannot be guarded, or is none that can be run; NULL if
 * it can be guarded. */
const char *unguardable_file(int file);

/* The same of a file by its name; NULL as well if it cannot be read, or is no ELF file. */
const char *unguardable_path(const char *path);

#endif
