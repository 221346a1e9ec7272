/* SPDX-License-Identifier: MIT
 *
 * Buffers of streams: which block is one's, and the calls that read it to write it to the file.
 */
#include "calls/check_streams.h"

#include <stdio.h>
#include <stdio_ext.h>

#include "calls/check.h"
#include "guard/stream_buffers.h"

/* Reports output that lies in a freed block; `stream` is NULL for all streams. */
static NOINLINE void check_output(FILE *stream, const struct check *check)
{
    unsigned at = 0;
    struct stream_output output;
    while (stream_buffers_next(&at, stream, &output))
        check_access(check, (void *)output.start, output.size, MMT_DIRECTION_READ);
}

#define FLUSHES(stream)                                                                            \
    if (unlikely(stream_buffers_any()))                                                            \
        check_output(stream, CHECK(name_));

void check_streams_at_exit(struct stack_start start)
{
    if (stream_buffers_any())
        check_output(NULL, &(const struct check){"exit", start});
}

/* ---- the end of a stream, or of what it holds */

CALL(int, fflush, (FILE * stream), (stream), FLUSHES(stream))
CALL(int, fflush_unlocked, (FILE * stream), (stream), FLUSHES(stream))
CALL(int, fcloseall, (void), (), FLUSHES(NULL))

/* The stream has ended when the real function returns, and its memory may be another stream's
 * then. What was kept for it must be there until then. */
#define CLOSING(name)                                                                              \
    CHECKED(int, name, (FILE * stream))                                                            \
    {                                                                                              \
        const char *const name_ = #name;                                                           \
        uintptr_t kept = 0;                                                                        \
        FLUSHES(stream)                                                                            \
        if (unlikely(stream_buffers_any()))                                                        \
            kept = stream_buffers_take(stream);                                                    \
        int result = NEXT(name)(stream);                                                           \
        if (unlikely(kept != 0))                                                                   \
            stream_buffers_give_up(kept);                                                          \
        return result;                                                                             \
    }
CLOSING(fclose)
CLOSING(pclose)

#define REOPENING(name)                                                                            \
    CHECKED(FILE *, name, (const char *path, const char *mode, FILE *stream))                      \
    {                                                                                              \
        const char *const name_ = #name;                                                           \
        FLUSHES(stream)                                                                            \
        FILE *result = NEXT(name)(path, mode, stream);                                             \
        if (unlikely(stream_buffers_any()))                                                        \
            stream_buffers_forget(stream);                                                         \
        return result;                                                                             \
    }
REOPENING(freopen)
REOPENING(freopen64)

CHECKED(void, __fpurge, (FILE * stream))
{
    NEXT(__fpurge)(stream);
    if (unlikely(stream_buffers_any()))
        stream_buffers_purged(stream);
}

/* ---- which buffer a stream has. Another one is taken after the first was flushed. */

static void has_buffer(FILE *stream, const char *buffer)
{
    if (unlikely(check_ours(buffer) || stream_buffers_any()))
        stream_buffers_note(stream);
}

CHECKED(int, setvbuf, (FILE * stream, char *buffer, int mode, size_t size))
{
    const char *const name_ = "setvbuf";
    if (buffer || mode == _IONBF)
        FLUSHES(stream)
    int result = NEXT(setvbuf)(stream, buffer, mode, size);
    has_buffer(stream, buffer);
    return result;
}

CHECKED(void, setbuffer, (FILE * stream, char *buffer, size_t size))
{
    const char *const name_ = "setbuffer";
    FLUSHES(stream)
    NEXT(setbuffer)(stream, buffer, size);
    has_buffer(stream, buffer);
}

CHECKED(void, setbuf, (FILE * stream, char *buffer))
{
    const char *const name_ = "setbuf";
    FLUSHES(stream)
    NEXT(setbuf)(stream, buffer);
    has_buffer(stream, buffer);
}
