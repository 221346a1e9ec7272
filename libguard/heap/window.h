/* SPDX-License-Identifier: MIT
 *
 * The window of frees that wait to be revoked together (option revoke). Waiting blocks are poisoned, and checked for writes when they
 * leave. With threads on several processors this saves most of the interruptions that revoking costs.
 */
#ifndef HEAP_WINDOW_H
#define HEAP_WINDOW_H

#include "heap/compact.h"
#include "heap/local.h"

#define WINDOW_MOST 4096

/* A freed block into the calling thread's window. What was found if the window was full and had to be emptied. */
struct compact_late window_put(struct heap_local *local, struct block *block);

/* Revokes all that wait. The caller has entered `local`. */
struct compact_late window_flush(struct heap_local *local);

#endif
