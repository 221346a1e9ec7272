/* SPDX-License-Identifier: MIT
 *
 * Names of places in a program, as text. Everything that is added is escaped.
 */
#ifndef RENDER_FRAMENAME_H
#define RENDER_FRAMENAME_H

#include "model/profile.h"
#include "query/paths.h"
#include "render/style.h"
#include "util/textbuf.h"

/* "file:line", without `directory` at its start; nothing if the file is NULL. */
void framename_put_place(struct textbuf *buffer, const char *file, uint32_t line,
                         const char *directory);

/* "module+0x1189", or the address alone outside of all modules. */
void framename_put_address(struct textbuf *buffer, const struct profile *profile, uint32_t module,
                           uint64_t address);

/* A function's name as the style wants it: template arguments are shortened unless names are to be
 * full, and with `brief` parameters and the type of the result are left out. */
void framename_put_function(struct textbuf *buffer, const struct style *style, const char *function,
                            bool brief);

/* A line of a call stack: "fill_row at samples/overflow.c:12 (overflow+0x1189)". */
void framename_put_entry(struct textbuf *buffer, const struct style *style,
                         const struct profile *profile, const struct callpath_entry *entry,
                         const char *directory);

/* What a label stands for, without the place in the source. */
void framename_put_label(struct textbuf *buffer, const struct style *style,
                         const struct profile *profile, const struct paths_label *label,
                         const char *directory, bool brief);

/* The name that identifies the entry: its function, or its module if that is not known. */
const char *framename_identity(const struct profile *profile, const struct callpath_entry *entry);

/* The directory that the processes of a profile were all started in; "" if they differ. */
const char *framename_directory(const struct profile *profile);

#endif
