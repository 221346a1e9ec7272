// SPDX-License-Identifier: MIT
// What pages hold that the program has made inaccessible, or that it can only write to, is reachable: a mapping, private and shared with
// children, a part of its own data, a block of the heap. Terabytes of address space that hold nothing cost nothing. A block that is lost is
// still a leak.
#include "wipe.h"
#include <sys/mman.h>

#define RESERVED ((size_t)8 << 40)

static char data[8192] __attribute__((aligned(4096)));

static void **map(int flags)
{
    return mmap(NULL, 8192, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
}

static void keep(void)
{
    void **page = map(MAP_PRIVATE), **shared = map(MAP_SHARED), **frozen = map(MAP_SHARED), **written = map(MAP_PRIVATE);
    void **block = aligned_alloc(4096, 8192);
    char *reserved = mmap(NULL, RESERVED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    char *touched = mmap(NULL, RESERVED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    page[7] = malloc(10);
    page[1023] = block;
    block[600] = malloc(20);
    shared[3] = malloc(30);
    frozen[3] = malloc(40);
    written[3] = malloc(50);
    *(void **)(data + 72) = malloc(60);
    mprotect(page, 8192, PROT_NONE);
    mprotect(shared, 8192, PROT_NONE);
    mprotect(frozen, 8192, PROT_READ);
    mprotect(written, 8192, PROT_WRITE);
    mprotect(data, 4096, PROT_NONE);
    mprotect(block, 8192, PROT_NONE);
    if (reserved != MAP_FAILED && touched != MAP_FAILED) {
        void **used = (void **)(touched + ((size_t)2 << 30));
        mprotect(used, 4096, PROT_READ | PROT_WRITE);
        used[1] = malloc(70);
        mprotect(used, 4096, PROT_NONE);
    } else {
        page = map(MAP_PRIVATE);
        page[1] = malloc(70);
    }
    free(malloc(1));
    malloc(80);
}

int main(void)
{
    keep();
    wipe_stack();
    say("after");
    return 0;
}
