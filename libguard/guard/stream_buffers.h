/* SPDX-License-Identifier: MIT
 *
 * Buffers that the program gave to streams of libc and that lie in the heap. What libc writes to a
 * file comes from there without a fault: the system call fails, and the output is lost. So the
 * block of a buffer with output in it stays accessible when it is freed, and the use of it is
 * reported when the stream is next flushed.
 *
 * Any thread; not signal handlers that interrupted libc in the stream, as for all of stdio.
 */
#ifndef GUARD_STREAM_BUFFERS_H
#define GUARD_STREAM_BUFFERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bits.h"

/* How many are known. */
extern _Atomic uint32_t stream_buffers_count __attribute__((visibility("hidden")));

ALWAYS_INLINE bool stream_buffers_any(void)
{
    return atomic_load_explicit(&stream_buffers_count, memory_order_relaxed) != 0;
}

/* The stream has now the buffer that its structure says; what was known of it before is forgotten
 * if that was another one. */
void stream_buffers_note(FILE *stream);

/* The stream has been closed and lost its buffer. */
void stream_buffers_forget(FILE *stream);

/* The same in two steps, around the closing after which the stream may be another one: returns the
 * block to give up, or 0. */
uintptr_t stream_buffers_take(FILE *stream);
void stream_buffers_give_up(uintptr_t block);

/* What the stream holds was thrown away. */
void stream_buffers_purged(FILE *stream);

/* Whether the live block at `start`, which is about to be freed, holds output of a stream and is to
 * stay accessible. */
bool stream_buffers_keep(uintptr_t start);

/* Output that libc is going to read from a freed block, or has. */
struct stream_output {
    uintptr_t start;
    size_t size;
};

/* The next of the streams from index *at on, or of `stream` if it is not NULL, whose output is in a
 * freed block and was not told of since it got there. False if there is none. */
bool stream_buffers_next(unsigned *at, const FILE *stream, struct stream_output *output);

#endif
