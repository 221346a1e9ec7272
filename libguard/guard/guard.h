/* SPDX-License-Identifier: MIT
 *
 * What all entry points share: initialisation, the state of the process, and the way in.
 *
 * Initialisation has two halves. The first needs nothing of libc and is done by whatever comes
 * first, often an allocation before any constructor; after it the heap works. The second (handlers,
 * hooks at exit and fork) is our constructor, which the linker flag -z initfirst runs before those
 * of all other libraries, so that our exit handler runs last.
 */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"
#include "base/options.h"
#include "base/sys.h"
#include "base/thread.h"
#include "diag/runaway.h"
#include "trace/state.h"

#define EXPORT __attribute__((visibility("default")))

struct guard_state {
    /* In memory that the kernel clears in a forked child: 0 before initialisation and in a child
     * nobody told us of. */
    _Atomic uint32_t *ready;
    struct options options;
    int pid;
    bool hooked; /* the second half is done */
    bool passthrough; /* there is no heap of ours: libc's allocator serves the program */
    struct trace_process process;
    bool ignored; /* option `follow` leaves this program out: nothing is reported */
};
extern struct guard_state guard;

/* What the layer keeps per thread (THREAD_SLOT_ENTRY). */
struct guard_thread {
    void *alternate_stack;
    struct runaway loops[RUNAWAY_LOOPS];
    int rounds_left; /* of the destructors of thread-specific data, before the record is given up */
};

/* Returns false where that is too early: libguard is not relocated. */
bool guard_prepare(void);
void guard_prepare_thread(struct thread *self);
/* From here on threads that end are noticed. Once. */
void guard_notice_ends_of_threads(void);
/* Gives the thread an alternate signal stack of ours, if it has none and there is memory. */
void guard_give_own_stack(struct guard_thread *local);
/* Makes it the one that the kernel uses. */
void guard_use_own_stack(struct guard_thread *local);

/* Around work that may fault by our own probing at a time when the program may have given its
 * alternate signal stack back without a word, as Ruby does before it ends. The first returns
 * whether the thread's stack was exchanged for ours, false as well where it is in use or none of
 * the program's is set; the second undoes it, and is called in this case only. */
bool guard_leave_program_stack(stack_t *before);
void guard_return_to_program_stack(const stack_t *before);

/* For the calls of the time when thread-local variables cannot be reached. */
extern struct thread guard_early_thread;

/* The first thing every entry point does. Signal-safe. */
ALWAYS_INLINE struct thread *guard_enter(void)
{
    if (unlikely(!guard.ready || !atomic_load_explicit(guard.ready, memory_order_relaxed)) &&
        !guard_prepare())
        return &guard_early_thread;
    struct thread *self = thread_self();
    if (unlikely(!self->slot[THREAD_SLOT_ENTRY]))
        guard_prepare_thread(self);
    return self;
}

/* Where to switch to for work that needs a large stack, from a signal handler; NULL to stay: the
 * thread has no stack of ours, or is on it. */
char *guard_own_stack_top(void);

/* The option `color` as mmreport's flag. */
const char *guard_color_flag(void);

/* What a function of libc returns for the kernel's answer; sets errno. */
static inline int guard_result_of(long result)
{
    if (!sys_failed(result))
        return (int)result;
    errno = (int)-result;
    return -1;
}

/* ---- the real functions behind interposed ones
 *
 * All are looked up at the start. Later a thread may have to wait for the loader's lock for ever:
 * whoever holds it may run a constructor or destructor that waits for this very thread. */

struct guard_name {
    const char *name;
    void **next;
};

/* Makes a pointer to the real function. */
#define NEXT_FUNCTION(result, function, parameters)                                                \
    static result(*next_##function) parameters;                                                    \
    NEXT_POINTER(function, next_##function)
#define NEXT_POINTER(function, pointer)                                                            \
    static struct guard_name name_##function                                                       \
        __attribute__((section("guard_names"), used)) = {#function, (void **)&(pointer)}

/* The real function. Before guard_find_next() it is looked up each time. */
#define NEXT(function)                                                                             \
    (likely(next_##function != NULL) ? next_##function                                             \
                                     : (__typeof__(next_##function))guard_next(#function))

/* Looks up all real functions. Once, before code of the program runs. */
void guard_find_next(void);

/* One of them; fatal if there is none. */
void *guard_next(const char *name);

#endif
