/* SPDX-License-Identifier: MIT
 *
 * The signal that stops threads, while a process becomes another program. Its default is to kill,
 * and a new program has no handler before libguard has begun there. One that comes from outside, as
 * a request, waits: it is blocked meanwhile, and the new program unblocks it. None is sent from
 * inside.
 */
#ifndef SIGNALS_EXEC_MASK_H
#define SIGNALS_EXEC_MASK_H

#include <stdbool.h>
#include <stdint.h>

struct exec_mask {
    uint64_t before;
    bool changed;
    bool held; /* checks for leaks wait */
};

/* `guarded`: the new program will unblock the signal; otherwise it must not be blocked there. */
struct exec_mask exec_mask_set(bool guarded);
/* The exec failed. */
void exec_mask_reset(const struct exec_mask *mask);

/* At the start of a program, when it has its handler: undoes what was set before the exec. */
void exec_mask_begin(void);

#endif
