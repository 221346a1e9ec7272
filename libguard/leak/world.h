/* SPDX-License-Identifier: MIT
 *
 * Stops every other thread of the process, with a signal and not with ptrace, so that it works
 * under a debugger, under strace, in a container, and without privileges.
 *
 * One thread at a time uses this module: the holder of LOCK_LEAK_CHECK. That lock blocks signals,
 * and every lock does, so a stopped thread never holds one.
 */
#ifndef LEAK_WORLD_H
#define LEAK_WORLD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

struct world_thread {
    int32_t tid;
    bool stopped; /* if not, the rest is 0: it still runs, or ignores the signal */
    uintptr_t thread_pointer; /* fs base */
    uintptr_t stack_pointer; /* where it was interrupted */
    const ucontext_t *context; /* its registers, in its signal frame; valid until world_resume() */
};

struct world_count {
    uint32_t threads; /* other threads, those that ended meanwhile not counted */
    uint32_t unstopped; /* of them, those that did not stop */
    uint32_t reasons; /* enum mmt_unstopped */
};

/* Installs the handler of the stop signal. Once, before any other function. 0 or -errno. */
int world_init(void);

/* The stop signal, as the kernel counts. The program must not block it or handle it. */
int world_signal(void);

/* What to do when the signal comes with a value (SI_QUEUE): a request from outside, not one of ours
 * to stop. Called in the handler, with all other signals blocked. */
void world_on_request(bool (*act)(const siginfo_t *info, const void *context));

/* What to do when the signal comes and is neither: the program's own, or one of ours that came too
 * late. Called in the handler. */
void world_on_stray(void (*act)(int signal, siginfo_t *info, void *context));

/* Stops the others: on return each one stands in the handler, has ended, or is counted as
 * unstopped. Takes at most some seconds. NULL, or a constant text that says why it cannot be done;
 * nothing is stopped then. */
const char *world_stop(struct world_count *count);

/* Calls `visit` for each other thread that was there at world_stop() and did not end. World
 * stopped. */
void world_each(void (*visit)(const struct world_thread *thread, void *argument), void *argument);

/* Lets them go on. */
void world_resume(void);

#endif
