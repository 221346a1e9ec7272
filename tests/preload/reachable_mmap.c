// SPDX-License-Identifier: MIT
// Nothing is reported: memory the program mapped itself holds the block.
#include "wipe.h"
#include <sys/mman.h>

int main(void)
{
    void **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[100] = malloc(64);
    page = NULL;
    wipe_stack();
    say("after");
    return 0;
}
