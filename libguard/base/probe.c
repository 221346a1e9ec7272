/* SPDX-License-Identifier: MIT */
#include "base/probe.h"

/* Labels that C uses are global: with -flto it may come into another object than they. */
__asm__(".text\n"
        ".globl probe_load, probe_store, probe_failed, probe_equal_load, probe_equal_failed\n"
        ".hidden probe_load, probe_store, probe_failed, probe_equal_load, probe_equal_failed\n"
        ".globl probe_compare_load, probe_differs\n"
        ".hidden probe_compare_load, probe_differs\n"
        ".p2align 4\n"
        ".globl probe_word\n"
        ".hidden probe_word\n"
        ".type probe_word, @function\n"
        "probe_word:\n"
        "    .cfi_startproc\n"
        "    lea -65536(%rdi), %rax\n"
        "    movabs $0x7ffffffeffff, %rdx\n"
        "    cmp %rdx, %rax\n"
        "    jae probe_failed\n"
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
        ".globl probe_writable\n"
        ".hidden probe_writable\n"
        ".type probe_writable, @function\n"
        "probe_writable:\n"
        "    .cfi_startproc\n"
        "probe_store:\n"
        "    lock orb $0, (%rdi)\n"
        "    mov $1, %eax\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size probe_writable, . - probe_writable\n"

        ".p2align 4\n"
        ".globl probe_equal_words\n"
        ".hidden probe_equal_words\n"
        ".type probe_equal_words, @function\n"
        "probe_equal_words:\n"
        "    .cfi_startproc\n"
        "    xor %eax, %eax\n"
        "1:  cmp %rsi, %rax\n"
        "    je 2f\n"
        "probe_equal_load:\n"
        "    cmp (%rdi,%rax,8), %rdx\n"
        "    jne 2f\n"
        "    inc %rax\n"
        "    jmp 1b\n"
        "probe_equal_failed:\n"
        "    mov %rsi, %rax\n"
        "2:  ret\n"
        "    .cfi_endproc\n"
        ".size probe_equal_words, . - probe_equal_words\n"

        ".p2align 4\n"
        ".globl probe_compare\n"
        ".hidden probe_compare\n"
        ".type probe_compare, @function\n"
        "probe_compare:\n"
        "    .cfi_startproc\n"
        "    mov %rsi, %rax\n"
        "    shl $4, %rax\n"
        "    jz probe_differs\n"
        "1:  mov -16(%rdi,%rax), %rcx\n"
        "    mov -8(%rdi,%rax), %rdx\n"
        "probe_compare_load:\n"
        "    cmp %rdx, -8(%rcx)\n"
        "    jne probe_differs\n"
        "    sub $16, %rax\n"
        "    jnz 1b\n"
        "probe_differs:\n"
        "    shr $4, %rax\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size probe_compare, . - probe_compare\n");

extern const char probe_load[] __attribute__((visibility("hidden")));
extern const char probe_store[] __attribute__((visibility("hidden")));
extern const char probe_failed[] __attribute__((visibility("hidden")));
extern const char probe_equal_load[] __attribute__((visibility("hidden")));
extern const char probe_equal_failed[] __attribute__((visibility("hidden")));
extern const char probe_compare_load[] __attribute__((visibility("hidden")));
extern const char probe_differs[] __attribute__((visibility("hidden")));

uintptr_t probe_resume(uintptr_t pc)
{
    if (pc == (uintptr_t)probe_load || pc == (uintptr_t)probe_store)
        return (uintptr_t)probe_failed;
    if (pc == (uintptr_t)probe_equal_load)
        return (uintptr_t)probe_equal_failed;
    return pc == (uintptr_t)probe_compare_load ? (uintptr_t)probe_differs : 0;
}

/* Aligned words do not leave a page that the range is in. */
bool probe_copy(void *to, const void *from, size_t size)
{
    uintptr_t at = (uintptr_t)from, end = at + size, word = 0;
    char *next = to;
    if (end < at)
        return false;
    for (uintptr_t aligned = at & ~(sizeof(word) - 1); at < end; aligned += sizeof(word)) {
        if (!probe_word(aligned, &word))
            return false;
        for (; at < end && at < aligned + sizeof(word); at++)
            *next++ = (char)(word >> (8 * (at - aligned)));
    }
    return true;
}
