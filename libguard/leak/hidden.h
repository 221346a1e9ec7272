/* SPDX-License-Identifier: MIT
 *
 * What the program keeps on pages that it has made inaccessible. Their protection stays as it is:
 * they are read through /proc/self/mem, which heeds none. No libc, no lock: usable with the world
 * stopped.
 */
#ifndef LEAK_HIDDEN_H
#define LEAK_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero to begin with. */
struct hidden {
    bool tried;
    int fd; /* 0: pages cannot be read */
    char *buffer;
    bool missed; /* out: something was there and could not be read */
};

/* Calls `visit` for copies of what lies in [start, end), in order; pages that cannot be read are
 * left out. A copy lies as its original does towards a word's boundary, and begins with the last
 * word of the copy before, for the sake of words that begin in one and end in the next. */
void hidden_each(struct hidden *hidden, uintptr_t start, uintptr_t end,
                 void (*visit)(uintptr_t start, uintptr_t end, void *argument), void *argument);

void hidden_close(struct hidden *hidden);

#endif
