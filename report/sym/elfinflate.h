/* SPDX-License-Identifier: MIT
 *
 * The debug information of an ELF file whose sections are compressed, as an ELF file in memory
 * without compression.
 *
 * libdw inflates every debug section with zlib before it reads the first unit, whether it is going
 * to look at it or not. Here only the sections that names come from are inflated, by ISA-L, which
 * takes less than half of zlib's time. Units, which are most of it, come in pieces where none of
 * them refers to another: each piece is a file of its own in the memory of the piece before, so
 * that hundreds of megabytes need not be made, and what is read was inflated just before.
 */
#ifndef ELFINFLATE_H
#define ELFINFLATE_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>

struct elfinflate_pieces;

struct elfinflate {
    Elf *
        /* of all units, or of a piece of them; NULL: nothing was inflated, and the file itself is
           to be read */
        elf;
    struct elfinflate_pieces *pieces; /* NULL: `elf` has all units */
    unsigned char *bytes;
    size_t size;
    const char *trouble; /* why debug information cannot be read, or NULL */
};

/* Fills `inflate` from a file that must stay open. A file without compressed sections, or with
 * sections in a form that is not known here, is left alone. */
void elfinflate_open(struct elfinflate *inflate, Elf *elf);

/* Goes on to the next piece; the Elf of the one before, and what was read from it, is gone then.
 * Returns false if there is none, or if the rest is damaged, and then `trouble` is set. */
bool elfinflate_next(struct elfinflate *inflate);

/* Says whether the bytes at `address` are gone with the next piece. */
bool elfinflate_passes(const struct elfinflate *inflate, const void *address);

/* Says whether the sections of a file that was left alone are compressed in a way libelf does not
 * know either: zstd, before elfutils 0.189. */
bool elfinflate_unreadable(Elf *elf);

void elfinflate_close(struct elfinflate *inflate);

#endif
