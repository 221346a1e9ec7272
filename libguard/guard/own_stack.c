/* SPDX-License-Identifier: MIT */
#include "guard/guard.h"

#include <signal.h>

#include "base/lock.h"
#include "base/own_memory.h"
#include "base/sys.h"

#define ALTERNATE_STACK ((size_t)64 << 10)

char *guard_own_stack_top(void)
{
    struct thread *self = thread_current;
    const struct guard_thread *local =
        self && !thread_is_spare(self) ? self->slot[THREAD_SLOT_ENTRY] : NULL;
    if (!local || !local->alternate_stack)
        return NULL;
    char *bottom = local->alternate_stack, *here = __builtin_frame_address(0);
    return here >= bottom && here < bottom + ALTERNATE_STACK ? NULL : bottom + ALTERNATE_STACK;
}

/* Cut from slabs, so that thousands of threads cost few mappings. Stacks are never given back: they
 * stay with the thread's record. */
static void *new_stack(void)
{
    enum { PER_SLAB = 64 };
    static char *next;
    static unsigned left;
    uint64_t mask = lock_enter(LOCK_THREADS);
    if (!left) {
        next = own_map(PER_SLAB * ALTERNATE_STACK);
        left = next ? PER_SLAB : 0;
    }
    char *stack = NULL;
    if (left) {
        stack = next;
        next += ALTERNATE_STACK;
        left--;
    }
    lock_leave(LOCK_THREADS, mask);
    return stack;
}

void guard_give_own_stack(struct guard_thread *local)
{
    if (!local->alternate_stack)
        local->alternate_stack = new_stack();
}

void guard_use_own_stack(struct guard_thread *local)
{
    if (!local->alternate_stack)
        return;
    stack_t own = {.ss_sp = local->alternate_stack, .ss_size = ALTERNATE_STACK};
    sys_call3(SYS_sigaltstack, (long)&own, 0, 0);
}

bool guard_leave_program_stack(stack_t *before)
{
    struct thread *self = guard_enter();
    struct guard_thread *local = thread_is_spare(self) ? NULL : self->slot[THREAD_SLOT_ENTRY];
    if (!local || !self->signal_stack || !local->alternate_stack)
        return false;
    stack_t own = {.ss_sp = local->alternate_stack, .ss_size = ALTERNATE_STACK};
    return !sys_failed(sys_call3(SYS_sigaltstack, (long)&own, (long)before, 0));
}

void guard_return_to_program_stack(const stack_t *before)
{
    sys_call3(SYS_sigaltstack, (long)before, 0, 0);
}
