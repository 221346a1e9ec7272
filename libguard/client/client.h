/* SPDX-License-Identifier: MIT
 *
 * What the program asks of us: include/mmguard.h, and the functions that programs prepared for the
 * sanitizers call.
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/print.h"
#include "mmguard.h"

/* Functions that look for leaks on behalf of their caller: entered in assembly, which puts the
 * caller's registers on the stack and passes, as the third argument, where that was; from there up
 * the stack is the program's. */
#define CLIENT_ENTRY(name, function)                                                               \
    ".text\n.p2align 4\n.globl " #name "\n.type " #name ", @function\n" #name ":\n"                \
    "    .cfi_startproc\n"                                                                         \
    "    push %rbx\n    push %rbp\n    push %r12\n    push %r13\n    push %r14\n    push %r15\n"   \
    "    .cfi_adjust_cfa_offset 48\n"                                                              \
    "    .cfi_rel_offset %rbp, 32\n"                                                               \
    "    mov %rsp, %rdx\n"                                                                         \
    "    sub $8, %rsp\n"                                                                           \
    "    .cfi_adjust_cfa_offset 8\n"                                                               \
    "    call " #function "\n"                                                                     \
    "    add $56, %rsp\n"                                                                          \
    "    .cfi_adjust_cfa_offset -56\n"                                                             \
    "    ret\n"                                                                                    \
    "    .cfi_endproc\n.size " #name ", . - " #name "\n"

/* What `address` points to, in words. */
enum mmguard_place client_describe(struct print *p, uintptr_t address);

#define CLIENT_FUNCTION __attribute__((visibility("hidden"), used))

#endif
