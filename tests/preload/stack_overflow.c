// SPDX-License-Identifier: MIT
// options: depth=2
// Reported: stack-overflow in deeper called by deeper. It ends the program by SIGSEGV. The one instruction that touches the
// fresh pages is written out: which instruction of a recursion comes first to the end depends on where the stack starts.
#include "wipe.h"

static void deeper(int level)
{
    if (level < 10)
        deeper(level + 1);
    __asm__ volatile("1: sub $4096, %rsp\n movl $1, (%rsp)\n jmp 1b");
}

int main(void)
{
    deeper(0);
    return 0;
}
