/* SPDX-License-Identifier: MIT
 *
 * One leak check, start to finish.
 */
#ifndef LEAK_LEAK_H
#define LEAK_LEAK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmtrace.h"

struct block;

/* Live blocks of one kind that were allocated by the same thread and function at the same place. */
struct leak_group {
    uint32_t stack, thread;
    uint8_t function; /* enum mmt_function */
    uint8_t kind; /* enum mmt_leak_kind */
    uint32_t holder; /* of indirect leaks: the stack of the definite one; 0: not known */
    uint64_t blocks, bytes;
    uint64_t indirect_blocks, indirect_bytes; /* of a definite leak: what only these blocks hold */
    uintptr_t address; /* of one of them */
};

/* Blocks inherited from the parent process over fork, and those the program asked to ignore, lead
 * to others, but are not counted anywhere here. */
struct leak_result {
    bool done; /* false: nothing is known, and nothing may be said */
    const char *failure; /* why, constant text */
    const char *doubt; /* NULL, or why less than usual is known, constant text */
    uint32_t threads; /* other threads that were there */
    /* Of them, those that could not be stopped: all they may hold counts as reachable. */
    uint32_t threads_unstopped;
    uint32_t unstopped_reasons; /* enum mmt_unstopped */
    uint64_t duration; /* nanoseconds */
    uint64_t root_bytes;
    uint64_t blocks[MMT_LEAK_KINDS], bytes[MMT_LEAK_KINDS];
    /* Our own memory; most bytes first, then by stack, thread, function and kind. */
    struct leak_group *groups;
    size_t group_count, group_capacity;
};

/* Installs the stop signal's handler. Once, at start. `pointers` is the option leak_pointers. 0 or
 * -errno. */
int leak_init(int pointers);

/* The signal that stops threads, as the kernel counts. Entry keeps the program from blocking it or
 * handling it. */
int leak_stop_signal(void);

/* What to do when the stop signal comes with a value, from another process. Called in its handler,
 * with all other signals blocked. */
void leak_on_request(bool (*act)(const siginfo_t *info, const void *context));

/* What to do when the stop signal comes and was not asked for: the program's own, or one of ours
 * that came too late. In the handler. */
void leak_on_stray(void (*act)(int signal, siginfo_t *info, void *context));

/* Looks for leaks, from any thread, with libguard's fault handler installed. All other threads
 * stand still meanwhile. Returns always, in bounded time; result->done says whether it worked.
 * leak_result_free() is needed in either case. Frames below `frame`, an address of the calling
 * thread's stack, are not looked at. `last`: the process ends. The other threads are left standing
 * then: a system call that the stop signal interrupted would have them go on, and end the process
 * too soon. */
void leak_check_above(struct leak_result *result, uintptr_t frame, bool last);

/* The same in a signal handler: the calling thread is looked at as it was interrupted. `context` is
 * the handler's ucontext_t. */
void leak_check_interrupted(struct leak_result *result, const void *context, bool last);

/* From here on a check waits until leak_let_go(), and none is under way; unless the process becomes
 * another program, or forks, first. */
void leak_hold(void);
void leak_let_go(void);

/* Lets the threads go on that a last check has left standing. */
void leak_let_threads_go(void);

/* The blocks that live, all as MMT_LEAK_REACHABLE, without looking for pointers: for a process that
 * is about to be killed. `reason`, constant text, becomes result->failure; result->done is false.
 */
void leak_list(struct leak_result *result, const char *reason);

/* Whether the process has live blocks that it did not inherit. */
bool leak_any_own(void);

/* The block that contains `address` is no leak, and neither is what it leads to. The block, or NULL
 * if there is none. */
const struct block *leak_ignore(uintptr_t address);

void leak_result_free(struct leak_result *result);

/* The same in another heap, for tests. */
struct leak_heap;
void leak_check_heap(struct leak_result *result, const struct leak_heap *heap);

#endif
