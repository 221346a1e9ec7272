/* SPDX-License-Identifier: MIT
 *
 * Capturing call stacks. Frames are found by the unwind rows of unwind.h, without locks and without
 * the program's heap, so every function here may be called from anywhere: before initialisation, in
 * a signal handler, in a forked child, on any stack. They need about 5.5 KB of stack at most, leave
 * errno alone, and with libguard's fault handler installed no read of theirs faults.
 */
#ifndef STACK_CAPTURE_H
#define STACK_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

/* Where a walk begins: the frame that called the function which uses STACK_START(). */
struct stack_start {
    uintptr_t pc; /* a return address */
    uintptr_t cfa; /* value of rsp after that return */
    uintptr_t rbp; /* value of rbp after that return */
};

/* Only in functions with a frame pointer of their own (__builtin_frame_address(0) makes gcc and
 * clang set one up). */
#define STACK_START()                                                                              \
    ({                                                                                             \
        const uintptr_t *frame_ = __builtin_frame_address(0);                                      \
        (struct stack_start){frame_[1], (uintptr_t)(frame_ + 2), frame_[0]};                       \
    })

/* Registers of an interrupted thread. */
struct stack_registers {
    uintptr_t pc, rsp, rbp;
    const long long *all; /* uc_mcontext.gregs; NULL if the others are not known */
};

/* Frames kept of a stack; callers beyond it are cut and the outermost kept frame is marked
 * MMT_FRAME_TRUNCATED. 1..STACK_DEPTH_MAX. */
#define STACK_DEPTH_MAX 256
void stack_set_depth(unsigned depth);

/* The stack's id in the depot, or 0 if it could not be recorded (no memory). */
uint32_t stack_capture(struct stack_start start);

/* The stack of the instruction at `registers->pc` itself, e.g. where a fault happened. Its first
 * frame is MMT_FRAME_EXACT. Uses more care than stack_capture(): the code may have no unwind
 * information and registers may be garbage (a call through a wild pointer: the return address at
 * rsp is then the caller); never faults. */
uint32_t stack_capture_registers(const struct stack_registers *registers);

#endif
