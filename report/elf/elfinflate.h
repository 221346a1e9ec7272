/* SPDX-License-Identifier: MIT
 *
 * The debug information of an ELF file whose sections are compressed by zlib, as an ELF file in
 * memory without compression. What is compressed in another way is libelf's to inflate.
 *
 * libdw inflates every debug section with zlib before it reads the first unit, whether it is going
 * to look at it or not. Here only the sections that names come from are inflated, by ISA-L, which
 * takes less than half of zlib's time: 10,000 addresses of ceph-osd-dbg (624 MB of debug
 * information in a file of 230 MB) take 1.47 s instead of 2.52, and 764 MB at most instead of 861.
 * Inflating the units piece by piece would take 1.30 s and 404 MB, but all that reads units would
 * have to know that they go.
 */
#ifndef ELF_ELFINFLATE_H
#define ELF_ELFINFLATE_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>

struct elfinflate {
    Elf *elf; /* NULL: nothing was inflated, and the file itself is to be read */
    unsigned char *bytes;
    size_t size;
    const char *trouble; /* why debug information cannot be read, or NULL */
};

/* Fills `inflate` from a file that must stay open. A file without compressed sections, or with
 * sections in a form that is not known here, is left alone. */
void elfinflate_open(struct elfinflate *inflate, Elf *elf);

/* Says whether the sections of a file that was left alone are compressed in a way libelf does not
 * know either: zstd, before elfutils 0.189. */
bool elfinflate_unreadable(Elf *elf);

void elfinflate_close(struct elfinflate *inflate);

#endif
