/* SPDX-License-Identifier: MIT
 *
 * Findings in the words of Valgrind's memcheck, which other programs look for.
 */
#ifndef RENDER_VALGRIND_WORDS_H
#define RENDER_VALGRIND_WORDS_H

#include "model/profile.h"
#include "util/textbuf.h"

/* "InvalidWrite", "InvalidFree", "MismatchedFree", ...: one of the kinds of its XML protocol. */
const char *valgrind_kind(const struct finding *finding);

/* "Invalid write of size 4" */
void valgrind_put_what(struct textbuf *buffer, const struct finding *finding);

/* "Address 0x4a47068 is 0 bytes after a block of size 40 alloc'd" */
void valgrind_put_where(struct textbuf *buffer, const struct finding *finding);

/* "Leak_DefinitelyLost"; "definitely lost" */
const char *valgrind_leak_kind(uint32_t kind);
const char *valgrind_leak_words(uint32_t kind);

/* "1,600 bytes in 50 blocks are definitely lost in loss record 1 of 7" */
void valgrind_put_leak(struct textbuf *buffer, const struct mmt_leak *leak, size_t number,
                       size_t all);

#endif
