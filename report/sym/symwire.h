/* SPDX-License-Identifier: MIT
 *
 * An answer as bytes, for the pipe between the symbolizing child and mmreport. Numbers are in the machine's order:
 *
 *     note        u32 length + 1 (0: none), bytes
 *     files       u32 count, for each: u64 size, u64 mtime, path as a text like the note
 *     for each address: u32 count of symbols, and for each symbol
 *         u32 line, u32 column, u32 inlined, u32 function length + 1 (0: none), bytes, u32 file length + 1, bytes
 */
#ifndef SYMWIRE_H
#define SYMWIRE_H

#include "sym/symbolizer.h"
#include "util/textbuf.h"

/* Texts are cut to this many bytes. */
#define SYMWIRE_TEXT_LONGEST 65536u

void symwire_write(const struct sym_answer *answer, struct textbuf *out);

/* Reads what a child wrote for as many addresses as `answer` was made for. The bytes may be anything. Returns false if they are
 * not a whole answer; the chains read until then are kept. */
bool symwire_read(const char *bytes, size_t size, struct sym_answer *answer);

#endif
