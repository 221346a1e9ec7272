/* SPDX-License-Identifier: MIT */
#include "base/probe.h"

__asm__(".text\n"
        ".p2align 4\n"
        ".globl probe_word\n"
        ".hidden probe_word\n"
        ".type probe_word, @function\n"
        "probe_word:\n"
        "    .cfi_startproc\n"
        "probe_load:\n"
        "    mov (%rdi), %rax\n"
        "    mov %rax, (%rsi)\n"
        "    mov $1, %eax\n"
        "    ret\n"
        "probe_failed:\n"
        "    xor %eax, %eax\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size probe_word, . - probe_word\n");

extern const char probe_load[] __attribute__((visibility("hidden")));
extern const char probe_failed[] __attribute__((visibility("hidden")));

uintptr_t probe_resume(uintptr_t pc)
{
    return pc == (uintptr_t)probe_load ? (uintptr_t)probe_failed : 0;
}
