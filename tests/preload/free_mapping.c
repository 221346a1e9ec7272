// SPDX-License-Identifier: MIT
// Reported: invalid-free in main, of memory from mmap.
#include "wipe.h"
#include <sys/mman.h>

int main(void)
{
    free(mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    say("after");
    return 0;
}
