/* SPDX-License-Identifier: MIT */
#ifndef LEAK_ROOTS_H
#define LEAK_ROOTS_H

#include <stdint.h>
#include <ucontext.h>

#include "leak/mark.h"
#include "leak/present.h"
#include "leak/regions.h"

struct roots {
    struct mark *mark;
    struct regions *regions;
    struct present *present;
    uintptr_t frame; /* the checking thread's stack is live from here upwards */
    const ucontext_t *interrupted; /* NULL, or: its registers, in a signal frame; `frame` is 0 */
    uint32_t unstopped; /* threads that still run */
    bool hidden; /* the region that is being scanned is inaccessible */
    uint64_t bytes; /* out: how much was scanned */
    const char *failure; /* out: constant text, or NULL */
    /* More roots, or NULL; calls `visit` for each. */
    void (*declared)(void (*visit)(uintptr_t start, uintptr_t end, void *argument), void *argument);
};

/* Gives all roots to the mark: every writable mapping that is neither ours nor the heap's, of
 * stacks the live part, and the registers and thread-local storage of every thread. World stopped.
 */
void roots_scan(struct roots *roots);

#endif
