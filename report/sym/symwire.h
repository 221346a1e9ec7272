/* SPDX-License-Identifier: MIT
 *
 * An answer as bytes, for the pipe between the symbolizing child and mmreport, and for the cache.
 * Numbers are in the machine's order. Each different text is there once:
 *
 *     texts       u32 count, for each: u32 length, bytes, a zero byte; they are named by number,
 *                 from 1; 0: none
 *     note        u32 text
 *     files       u32 count, for each: u64 size, u64 mtime, u32 text
 *     for each address: u32 count of symbols, and for each symbol
 *         u32 line, u32 column, u32 inlined, u32 text of the function, u32 text of the file,
 *         u32 text of the linkage name
 */
#ifndef SYM_SYMWIRE_H
#define SYM_SYMWIRE_H

#include "sym/symbolizer.h"
#include "util/textbuf.h"

/* Texts are cut to this many bytes. */
#define SYMWIRE_TEXT_LONGEST 65536u

void symwire_write(const struct sym_answer *answer, struct textbuf *out);

/* Reads what was written for as many addresses as `answer` was made for. The bytes may be anything,
 * and must live as long as the answer, whose texts point into them. Returns false if they are not a
 * whole answer; the chains read until then are kept. */
bool symwire_read(const char *bytes, size_t size, struct sym_answer *answer);

#endif
