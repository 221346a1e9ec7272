/* SPDX-License-Identifier: MIT
 *
 * What may be a pointer beside the aligned words: option leak_pointers.
 */
#ifndef LEAK_POINTER_WORDS_H
#define LEAK_POINTER_WORDS_H

#include <stdint.h>

typedef void pointer_visit(uintptr_t value, void *argument);

/* Visits all that may be a pointer in [start, end), but for aligned words with
 * LEAK_POINTERS_ALIGNED, which the caller reads itself. Pages that cannot be read are left out. */
void pointer_words(int pointers, uintptr_t start, uintptr_t end, pointer_visit *visit,
                   void *argument);

/* Visits what is left of a value without its tags, where that is another value. */
void pointer_readings(uintptr_t value, pointer_visit *visit, void *argument);

#endif
