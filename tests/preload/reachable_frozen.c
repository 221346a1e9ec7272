// SPDX-License-Identifier: MIT
// Nothing is reported: data that was made read-only after it was written holds the blocks: a mapping, a part of the program's own data, and a
// private mapping of a file.
#include "wipe.h"
#include <fcntl.h>
#include <sys/mman.h>

static char data[8192] __attribute__((aligned(4096)));

static void keep(void)
{
    void **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int file = open("/proc/self/exe", O_RDONLY);
    void **copy = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    page[7] = malloc(10);
    copy[8] = malloc(20);
    *(void **)(data + 72) = malloc(30);
    close(file);
    mprotect(page, 4096, PROT_READ);
    mprotect(copy, 4096, PROT_READ);
    mprotect(data, 4096, PROT_READ);
}

int main(void)
{
    keep();
    wipe_stack();
    say("after");
    return 0;
}
