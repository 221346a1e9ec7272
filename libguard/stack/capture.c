/* SPDX-License-Identifier: MIT */
#include "stack/capture.h"

#include <signal.h>

#include "base/bits.h"
#include "base/sys.h"
#include "base/thread.h"
#include "stack/complete.h"
#include "stack/depot.h"
#include "stack/kept.h"
#include "stack/rows.h"

/* Where the first function of the program found its arguments: above every frame of the main
 * thread. From ld.so. */
extern void *__libc_stack_end __attribute__((weak));

/* A stack that is not the thread's own (for signals, of a coroutine) is taken to go on so far;
 * larger stacks of threads are not heard of. */
#define FOREIGN_STACK_SIZE ((uintptr_t)1 << 20)
#define LARGEST_STACK      ((uintptr_t)1 << 30)

/* For what a signal handler of this thread sees. */
#define KEEP_ORDER() atomic_signal_fence(memory_order_seq_cst)

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

/* Goes on from a frame that rows cannot follow, by walking from the first frame again with all
 * registers. Returns how many frames there are, or 0 if that does not lead further than to frame
 * `reached`. */
static NOINLINE size_t walk_completely(struct complete_frame *frame, struct depot_frame *frames,
                                       size_t depth, size_t reached)
{
    struct thread *self = thread_self();
    uintptr_t limit = limit_at(self, frame->registers[CFI_REGISTER_RSP]);
    size_t count = 0;
    for (;;) {
        frames[count].pc = frame->registers[CFI_REGISTER_RA];
        frames[count++].flags = frame->exact ? MMT_FRAME_EXACT : 0;
        if (!complete_step(frame, limit))
            break;
        if (count == depth) {
            frames[count - 1].flags |= MMT_FRAME_TRUNCATED;
            break;
        }
        if (unlikely(frame->exact))
            limit = limit_at(self, frame->registers[CFI_REGISTER_RSP]);
    }
    return count > reached ? count : 0;
}

/* `first` is where frame 0 is found with all registers known, at `gregs`, or somewhere above the
 * caller. */
static NOINLINE size_t complete(const struct unwind_frame *first, const long long *gregs,
                                struct depot_frame *frames, size_t depth, size_t reached)
{
    struct complete_frame frame = {.exact = false};
    if (gregs) {
        complete_from_context(&frame, gregs);
        return walk_completely(&frame, frames, depth, reached);
    }
    complete_here(&frame);
    uintptr_t limit = limit_at(thread_self(), first->cfa);
    while (frame.registers[CFI_REGISTER_RSP] < first->cfa)
        if (!complete_step(&frame, limit))
            return 0;
    if (frame.registers[CFI_REGISTER_RSP] != first->cfa ||
        frame.registers[CFI_REGISTER_RA] != first->pc)
        return 0;
    return walk_completely(&frame, frames, depth, reached);
}

static uint32_t walk(struct unwind_frame frame, const long long *gregs)
{
    struct depot_frame frames[STACK_DEPTH_MAX];
    size_t count = 0, depth = atomic_load_explicit(&kept_depth, memory_order_relaxed);
    struct thread *self = thread_self();
    struct unwind_frame first = frame;
    uintptr_t limit = limit_at(self, frame.cfa);
    for (;;) {
        frames[count].pc = frame.pc;
        frames[count++].flags = frame.exact ? MMT_FRAME_EXACT : 0;
        uint64_t row = row_find(frame.pc - !frame.exact);
        if (!row_step_by(&frame, limit, row)) {
            size_t more = 0;
            if (unlikely(row_cannot(row)))
                more = complete(&first, gregs, frames, depth, count);
            count = more ? more : count;
            break;
        }
        if (count == depth) {
            frames[count - 1].flags |= MMT_FRAME_TRUNCATED;
            break;
        }
        if (unlikely(frame.exact))
            limit = limit_at(self, frame.cfa);
    }
    return depot_put(frames, count);
}

static NOINLINE uint32_t walk_from(struct stack_start start)
{
    return walk((struct unwind_frame){.pc = start.pc, .cfa = start.cfa, .rbp = start.rbp}, NULL);
}

/* Whether the capture that is under way was left by longjmp() from a signal handler: its frames are
 * below us on the same stack, or it would be running. */
static bool capture_is_abandoned(struct thread *self, uintptr_t rsp)
{
    stack_t stack = {.ss_flags = SS_ONSTACK};
    uintptr_t limit = own_stack_limit(self);
    return rsp > self->capturing && rsp < limit && limit - self->capturing < LARGEST_STACK &&
           !sys_call3(SYS_sigaltstack, 0, (long)&stack, 0) && !(stack.ss_flags & SS_ONSTACK);
}

/* What there is for the diff, if it may be used now. */
static NOINLINE struct kept *kept_get(struct thread *self, uintptr_t rsp)
{
    if (thread_is_spare(self) || (self->capturing && !capture_is_abandoned(self, rsp)))
        return NULL;
    self->capturing = rsp;
    KEEP_ORDER();
    if (!self->slot[THREAD_SLOT_STACK])
        self->slot[THREAD_SLOT_STACK] = kept_new();
    KEEP_ORDER();
    self->capturing = 0;
    return self->slot[THREAD_SLOT_STACK];
}

HOT uint32_t stack_capture(struct stack_start start)
{
    struct thread *self = thread_self();
    struct kept *kept = self->slot[THREAD_SLOT_STACK];
    if (unlikely(!kept || self->capturing) && !(kept = kept_get(self, start.cfa)))
        return walk_from(start);
    /* A signal handler from here on sees that its captures must not touch what is kept. */
    self->capturing = start.cfa;
    KEEP_ORDER();
    uint32_t id = kept_capture(kept, start, limit_at(self, start.cfa),
                               atomic_load_explicit(&kept_depth, memory_order_relaxed));
    KEEP_ORDER();
    self->capturing = 0;
    return likely(id != KEPT_CANNOT) ? id : walk_from(start);
}

uint32_t stack_capture_registers(const struct stack_registers *registers)
{
    return walk(
        (struct unwind_frame){
            .pc = registers->pc, .cfa = registers->rsp, .rbp = registers->rbp, .exact = true},
        registers->all);
}
