// SPDX-License-Identifier: MIT
// compact: no, a fault is what this is about
// Reported: heap-buffer-overflow-write of 1 byte in main of a 16-byte block. Vector registers, flags and the red zone are as
// before.
#include "wipe.h"

int main(void)
{
    char *block = malloc(16);
    double before = 1.5, after = 0;
    unsigned char carry = 0;
    long red = 0;
    asm volatile("movsd %3, %%xmm5\n\t"
                 "movq $77, -64(%%rsp)\n\t"
                 "stc\n\t"
                 "movb $1, 16(%4)\n\t"
                 "setc %1\n\t"
                 "movq -64(%%rsp), %2\n\t"
                 "movsd %%xmm5, %0"
                 : "=m"(after), "=&r"(carry), "=&r"(red)
                 : "m"(before), "r"(block)
                 : "xmm5", "memory", "cc");
    REQUIRE(after == 1.5 && carry == 1 && red == 77);
    say("after");
    free(block);
    return 0;
}
