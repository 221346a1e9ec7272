/* SPDX-License-Identifier: MIT */
#include "stack/capture.h"

#include "base/bits.h"
#include "base/thread.h"
#include "stack/depot.h"
#include "stack/rows.h"

/* Where the first function of the program found its arguments: above every frame of the main thread. From ld.so. */
extern void *__libc_stack_end __attribute__((weak));

/* A stack that is not the thread's own (for signals, of a coroutine) is taken to go on so far; larger stacks of threads are not heard of. */
#define FOREIGN_STACK_SIZE ((uintptr_t)1 << 20)
#define LARGEST_STACK      ((uintptr_t)1 << 30)

static _Atomic unsigned kept_depth = STACK_DEPTH_MAX;

void stack_set_depth(unsigned depth)
{
    depth = depth < 1 ? 1 : depth > STACK_DEPTH_MAX ? STACK_DEPTH_MAX : depth;
    atomic_store_explicit(&kept_depth, depth, memory_order_relaxed);
}

/* glibc puts the thread's own data, where fs points, above the stack it makes for a thread. */
static uintptr_t own_stack_limit(struct thread *self)
{
    if (likely(self->stack_limit))
        return self->stack_limit;
    uintptr_t thread_pointer;
    __asm__("mov %%fs:0, %0" : "=r"(thread_pointer));
    uintptr_t limit = thread_pointer;
    if (self->info->main && &__libc_stack_end && __libc_stack_end)
        limit = (uintptr_t)__libc_stack_end + sizeof(uintptr_t);
    if (self->info->id) /* else the record is shared by threads */
        self->stack_limit = limit;
    return limit;
}

/* The limit for a walk that is at `rsp`. It only has to be plausible: the walk reads with care. */
static uintptr_t limit_at(struct thread *self, uintptr_t rsp)
{
    uintptr_t limit = own_stack_limit(self);
    if (likely(rsp < limit && limit - rsp < LARGEST_STACK))
        return limit;
    return rsp > UINTPTR_MAX - FOREIGN_STACK_SIZE ? rsp : rsp + FOREIGN_STACK_SIZE;
}

static uint32_t walk(struct unwind_frame frame)
{
    struct depot_frame frames[STACK_DEPTH_MAX];
    size_t count = 0, depth = atomic_load_explicit(&kept_depth, memory_order_relaxed);
    struct thread *self = thread_self();
    uintptr_t limit = limit_at(self, frame.cfa);
    for (;;) {
        frames[count].pc = frame.pc;
        frames[count++].flags = frame.exact ? MMT_FRAME_EXACT : 0;
        if (!row_step(&frame, limit))
            break;
        if (count == depth) {
            frames[count - 1].flags |= MMT_FRAME_TRUNCATED;
            break;
        }
        if (unlikely(frame.exact))
            limit = limit_at(self, frame.cfa);
    }
    return depot_put(frames, count);
}

uint32_t stack_capture(struct stack_start start)
{
    return walk((struct unwind_frame){.pc = start.pc, .cfa = start.cfa, .rbp = start.rbp});
}

uint32_t stack_capture_registers(const struct stack_registers *registers)
{
    return walk((struct unwind_frame){
        .pc = registers->pc, .cfa = registers->rsp, .rbp = registers->rbp, .exact = true});
}
