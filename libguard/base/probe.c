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
        ".size probe_word, . - probe_word\n"
        ".p2align 4\n"
        ".globl probe_equal_words\n"
        ".hidden probe_equal_words\n"
        ".type probe_equal_words, @function\n"
        "probe_equal_words:\n"
        "    .cfi_startproc\n"
        "    xor %eax, %eax\n"
        "1:  cmp %rsi, %rax\n"
        "    je 2f\n"
        "probe_compare:\n"
        "    cmp (%rdi,%rax,8), %rdx\n"
        "    jne 2f\n"
        "    inc %rax\n"
        "    jmp 1b\n"
        "probe_compare_failed:\n"
        "    mov %rsi, %rax\n"
        "2:  ret\n"
        "    .cfi_endproc\n"
        ".size probe_equal_words, . - probe_equal_words\n");

extern const char probe_load[] __attribute__((visibility("hidden")));
extern const char probe_failed[] __attribute__((visibility("hidden")));
extern const char probe_compare[] __attribute__((visibility("hidden")));
extern const char probe_compare_failed[] __attribute__((visibility("hidden")));

uintptr_t probe_resume(uintptr_t pc)
{
    if (pc == (uintptr_t)probe_compare)
        return (uintptr_t)probe_compare_failed;
    return pc == (uintptr_t)probe_load ? (uintptr_t)probe_failed : 0;
}
