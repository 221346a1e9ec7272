// SPDX-License-Identifier: MIT
// Nothing is reported: a register that exit() and what it calls must keep for main holds the block.
#include "wipe.h"

int main(void)
{
    register void *held asm("r12") = malloc(64);
    asm volatile("" : "+r"(held));
    wipe_stack();
    say("after");
    asm volatile("xor %%edi, %%edi\n\tcall exit@PLT" : : "r"(held) : "rdi", "memory");
    return 1;
}
