/* SPDX-License-Identifier: MIT
 *
 * One leak check, start to finish.
 */
#ifndef LEAK_LEAK_H
#define LEAK_LEAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmtrace.h"

/* Live blocks of one kind that were allocated by the same thread and function at the same place. */
struct leak_group {
    uint32_t stack, thread;
    uint8_t function; /* enum mmt_function */
    uint8_t kind;     /* enum mmt_leak_kind */
    uint64_t blocks, bytes;
    uint64_t indirect_blocks, indirect_bytes; /* of a definite leak: what only these blocks hold */
    uintptr_t address;                        /* of one of them */
};

/* Blocks inherited from the parent process over fork lead to others, but are not counted anywhere
 * here. */
struct leak_result {
    bool done;           /* false: nothing is known, and nothing may be said */
    const char *failure; /* why, constant text */
    uint32_t threads;    /* other threads that were there */
    /* Of them, those that could not be stopped: all they may hold counts as reachable. */
    uint32_t threads_unstopped;
    uint64_t duration; /* nanoseconds */
    uint64_t root_bytes;
    uint64_t blocks[MMT_LEAK_KINDS], bytes[MMT_LEAK_KINDS];
    /* Our own memory; most bytes first, then by stack, thread, function and kind. */
    struct leak_group *groups;
    size_t group_count, group_capacity;
};

/* Installs the stop signal's handler. Once, at start. 0 or -errno. */
int leak_init(void);

/* The signal that stops threads, as the kernel counts. Entry keeps the program from blocking it or
 * handling it. */
int leak_stop_signal(void);

/* Looks for leaks, from any thread, with libguard's fault handler installed. All other threads
 * stand still meanwhile. Returns always, in bounded time; result->done says whether it worked.
 * leak_result_free() is needed in either case. */
void leak_check(struct leak_result *result);

/* The same as the last thing before the process ends. Frames below `frame`, an address of the calling
 * thread's stack, are not looked at: it never returns there. The other threads are left standing: a
 * system call that the stop signal interrupted would have them go on, and end the process too soon. */
void leak_check_at_end(struct leak_result *result, uintptr_t frame);
void leak_result_free(struct leak_result *result);

/* The same in another heap, for tests. */
struct leak_heap;
void leak_check_heap(struct leak_result *result, const struct leak_heap *heap);

#endif
