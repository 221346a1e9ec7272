// SPDX-License-Identifier: MIT
// Reported: the 80 bytes whose root was taken back. A declared root holds the others: in a mapping of a file that is shared and read-only; one
// that is shared and not accessible is no root by itself.
#define _GNU_SOURCE
#include "mmguard.h"
#include "wipe.h"
#include <sys/mman.h>

static void **page(size_t size)
{
    int file = memfd_create("page", 0);
    REQUIRE(ftruncate(file, 4096) == 0);
    void **words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    words[100] = malloc(size);
    return words;
}

static void keep(void)
{
    void **first = page(70), **second = page(80);
    REQUIRE(mmguard_add_root(first, 4096) == 1);
    REQUIRE(mmguard_add_root(second, 4096) == 1);
    REQUIRE(mmguard_remove_root(second, 4096) == 1);
    REQUIRE(mmguard_remove_root(second, 4096) == 0);
    REQUIRE(mmguard_add_root(second, 0) == 0);
    mprotect(first, 4096, PROT_READ);
    mprotect(second, 4096, PROT_NONE);
}

int main(void)
{
    keep();
    wipe_stack();
    say("after");
    return 0;
}
