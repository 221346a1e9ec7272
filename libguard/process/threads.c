/* SPDX-License-Identifier: MIT
 *
 * pthread_create, so that a thread's record says who created it and where. Threads made in other
 * ways are noticed at their first allocation.
 */
#include <pthread.h>

#include "base/lock.h"
#include "base/own_memory.h"
#include "guard/guard.h"
#include "leak/declared.h"
#include "stack/capture.h"

struct thread_start {
    void *(*function)(void *);
    struct declared_word argument;
    uint32_t creator, creation_stack;
    struct thread_start *next;
};

static struct thread_start *free_starts;

static struct thread_start *take_start(void)
{
    uint64_t mask = lock_enter(LOCK_THREADS);
    struct thread_start *start = free_starts;
    if (start)
        free_starts = start->next;
    lock_leave(LOCK_THREADS, mask);
    return start ? start : own_alloc(sizeof(*start));
}

static void give_start(struct thread_start *start)
{
    uint64_t mask = lock_enter(LOCK_THREADS);
    start->next = free_starts;
    free_starts = start;
    lock_leave(LOCK_THREADS, mask);
}

static void *guard_thread_start(void *argument)
{
    struct thread_start *start = argument;
    struct thread *self = guard_enter();
    if (!thread_is_spare(self)) {
        self->info->creator = start->creator;
        self->info->creation_stack = start->creation_stack;
    }
    void *(*function)(void *) = start->function;
    argument = (void *)start->argument.value; /* from here on the thread's registers hold it */
    declared_release(&start->argument);
    give_start(start);
    return function(argument);
}

NEXT_FUNCTION(int, pthread_create,
              (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *));

EXPORT int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                          void *(*function)(void *), void *restrict argument)
{
    struct thread *self = guard_enter();
    struct thread_start *start = take_start();
    if (!start)
        return NEXT(pthread_create)(thread, attributes, function, argument);
    *start = (struct thread_start){.function = function,
                                   .argument.value = (uintptr_t)argument,
                                   .creator = self->info->id,
                                   .creation_stack = stack_capture(STACK_START())};
    declared_hold(&start->argument);
    int result = NEXT(pthread_create)(thread, attributes, guard_thread_start, start);
    if (result) {
        declared_release(&start->argument);
        give_start(start);
    }
    return result;
}
