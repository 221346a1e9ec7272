/* SPDX-License-Identifier: MIT
 *
 * Circumstances in which the program is not guarded, or only in part, and must not be called clean:
 * an allocator of its own in front of ours, a sanitizer, a sandbox that kills for system calls it
 * does not know.
 */
#include "process/environment.h"

#include <linux/seccomp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "base/kept_files.h"
#include "base/notice.h"
#include "base/probe.h"
#include "base/sys.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "process/own_allocator.h"
#include "process/trace_file.h"
#include "trace/process_mark.h"

/* Looked up by the loader, since a dlsym() that fails leaves an allocated message behind. */
extern void __asan_init(void) __attribute__((weak));
extern void __msan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

bool environment_preloads(char *const *environment)
{
    static const char name[16] = "LD_PRELOAD=";
    uint64_t wanted[2], word[2];
    uintptr_t entry;
    __builtin_memcpy(wanted, name, sizeof(wanted));
    for (; probe_word((uintptr_t)environment, &entry) && entry; environment++)
        if (probe_word(entry, &word[0]) && word[0] == wanted[0] &&
            probe_word(entry + sizeof(word[0]), &word[1]) && !((word[1] ^ wanted[1]) & 0xffffff))
            return true;
    return false;
}

void environment_check(void)
{
    bool sanitizer = __asan_init || __msan_init || __tsan_init;
    if (sanitizer)
        notice_once(MMT_NOTE_INCOMPLETE, "the program was built with a sanitizer, which has an "
                                         "allocator of its own; it is not guarded (build it "
                                         "without -fsanitize)");
    else
        own_allocator_check();
}

__attribute__((visibility("hidden"), used)) void environment_enter_sandbox(void)
{
    if (!guard.ready || heap_in_sandbox())
        return;
    notice_once(MMT_NOTE_INCOMPLETE, "the program enters a sandbox (seccomp); from here on blocks "
                                     "go to the compact heap, nothing more is "
                                     "revoked, and leaks are not searched (turn the sandbox off "
                                     "to have all)");
    guard_enter();
    process_mark_flag(MMT_MARK_SANDBOX);
    heap_enter_sandbox();
}

/* Landlock: the program gives up opening and making files. */
__attribute__((visibility("hidden"), used)) void environment_lock_in(void)
{
    if (!guard.ready)
        return;
    guard_enter();
    kept_files_of_proc();
    trace_file_reserve();
}

NEXT_FUNCTION(int, prctl, (int, unsigned long, unsigned long, unsigned long, unsigned long));

EXPORT int prctl(int option, ...)
{
    va_list list;
    va_start(list, option);
    unsigned long a = va_arg(list, unsigned long), b = va_arg(list, unsigned long),
                  c = va_arg(list, unsigned long), d = va_arg(list, unsigned long);
    va_end(list);
    if (option == PR_SET_SECCOMP)
        environment_enter_sandbox();
    return NEXT(prctl)(option, a, b, c, d);
}

/* syscall() passes everything on untouched, by a jump: some calls return twice, or on another
 * stack. Only a filter that is being installed through it is noticed first, and madvise() is ours.
 */
void *environment_next_syscall __attribute__((visibility("hidden"), used));
NEXT_POINTER(syscall, environment_next_syscall);

__attribute__((visibility("hidden"), used)) void environment_find_syscall(void)
{
    environment_next_syscall = guard_next("syscall");
}

__attribute__((visibility("hidden"), used)) long environment_advise(void *address, size_t length,
                                                                    int advice)
{
    return madvise(address, length, advice);
}

_Static_assert(SYS_seccomp == 317 && SYS_landlock_restrict_self == 446 &&
                   SECCOMP_SET_MODE_FILTER == 1 && SYS_madvise == 28,
               "the numbers stand in the code below");

#define SAVE                                                                                       \
    "    push %rdi\n    push %rsi\n    push %rdx\n    push %rcx\n    push %r8\n    push %r9\n    " \
    "sub $8, %rsp\n"                                                                               \
    "    .cfi_adjust_cfa_offset 56\n"
#define RESTORE                                                                                    \
    "    add $8, %rsp\n    pop %r9\n    pop %r8\n    pop %rcx\n    pop %rdx\n    pop %rsi\n    "   \
    "pop %rdi\n"                                                                                   \
    "    .cfi_adjust_cfa_offset -56\n"

__asm__(".text\n"
        ".p2align 4\n"
        ".globl syscall\n"
        ".type syscall, @function\n"
        "syscall:\n"
        "    .cfi_startproc\n"
        "    cmp $28, %rdi\n"
        "    je 3f\n"
        "    cmp $446, %rdi\n"
        "    je 4f\n"
        "    cmp $317, %rdi\n"
        "    jne 1f\n"
        "    cmp $1, %esi\n"
        "    ja 1f\n" SAVE "    call environment_enter_sandbox\n" RESTORE
        "1:  mov environment_next_syscall(%rip), %rax\n"
        "    test %rax, %rax\n"
        "    jnz 2f\n" SAVE "    call environment_find_syscall\n" RESTORE
        "    mov environment_next_syscall(%rip), %rax\n"
        "2:  jmp *%rax\n"
        "3:  mov %rsi, %rdi\n"
        "    mov %rdx, %rsi\n"
        "    mov %ecx, %edx\n"
        "    jmp environment_advise\n"
        "4:" SAVE "    call environment_lock_in\n" RESTORE "    jmp 1b\n"
        "    .cfi_endproc\n"
        ".size syscall, . - syscall\n");
