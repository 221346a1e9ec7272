/* SPDX-License-Identifier: MIT
 *
 * The window of frees that wait to be revoked together (option revoke). Waiting blocks are
 * poisoned, and checked for writes when they leave. With threads on several processors this saves
 * most of the interruptions that revoking costs.
 */
#ifndef HEAP_WINDOW_H
#define HEAP_WINDOW_H

#include "heap/compact.h"
#include "heap/local.h"

#define WINDOW_MOST 4096

/* A freed block into the calling thread's window. One that was found written to if the window was
 * full and had to be emptied. */
struct compact_late window_put(struct heap_local *local, struct block *block);

/* The thread ends: revokes all that wait, but for those that were written to, which are left to the
 * sweep. The caller has entered `local`. */
void window_end(struct heap_local *local);

#endif
