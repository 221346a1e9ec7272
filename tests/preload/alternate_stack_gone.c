// SPDX-License-Identifier: MIT
// The program gives its alternate signal stack back and does not say so, as Ruby does before it ends; the search for leaks that follows
// meets a page that cannot be read.
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

static char *half;

int main(void)
{
    size_t size = 65536;
    stack_t stack = {.ss_size = size};
    stack.ss_sp = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL))
        return 1;
    half = aligned_alloc(4096, 8192);
    if (!half || mprotect(half, 4096, PROT_NONE))
        return 2;
    return munmap(stack.ss_sp, size) ? 3 : 0;
}
