/* SPDX-License-Identifier: MIT
 *
 * What an address outside the heap belongs to, in words, for reports.
 */
#ifndef DIAG_ADDRESS_WORDS_H
#define DIAG_ADDRESS_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum address_place {
    PLACE_UNMAPPED,
    PLACE_STACK,
    PLACE_STATIC, /* variables, constants or code of the executable or a library */
    /* where libc's own allocator has its memory, which code bound past us may use */
    PLACE_LIBC_HEAP,
    PLACE_MAPPING, /* anything else: a file, another allocator's memory */
};

/* Writes the words to `text`, cut to `size`. Reads /proc; signal-safe; needs about 9 KiB of stack.
 */
enum address_place address_words(uintptr_t address, char *text, size_t size);

#endif
