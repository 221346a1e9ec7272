/* SPDX-License-Identifier: MIT
 *
 * dlopen and dlclose. RTLD_DEEPBIND would bind a library to libc's allocator past us, and blocks
 * would then be freed by another allocator than theirs, so it is taken out. glibc looks at dlopen's
 * return address to find whose search path applies; hence the jump, which leaves the caller's in
 * place.
 */
#include <dlfcn.h>

#include "guard/guard.h"
#include "stack/modules.h"

_Static_assert(RTLD_DEEPBIND == 8, "the constant stands in the code below");

void *loader_next_dlopen __attribute__((visibility("hidden"), used));
NEXT_POINTER(dlopen, loader_next_dlopen);
NEXT_FUNCTION(int, dlclose, (void *));

__attribute__((visibility("hidden"), used)) void loader_find_dlopen(void)
{
    loader_next_dlopen = guard_next("dlopen");
}

__asm__(".text\n"
        ".p2align 4\n"
        ".globl dlopen\n"
        ".type dlopen, @function\n"
        "dlopen:\n"
        "    .cfi_startproc\n"
        "    and $~8, %esi\n"
        "    mov loader_next_dlopen(%rip), %rax\n"
        "    test %rax, %rax\n"
        "    jz 1f\n"
        "    jmp *%rax\n"
        "1:  push %rdi\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    push %rsi\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    sub $8, %rsp\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    call loader_find_dlopen\n"
        "    add $8, %rsp\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    pop %rsi\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    pop %rdi\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    mov loader_next_dlopen(%rip), %rax\n"
        "    jmp *%rax\n"
        "    .cfi_endproc\n"
        ".size dlopen, . - dlopen\n");

EXPORT int dlclose(void *library)
{
    int result = NEXT(dlclose)(library);
    guard_enter();
    modules_changed();
    return result;
}
