// SPDX-License-Identifier: MIT
// Reported: the 80 bytes whose root was taken back. A declared root holds the others: in a mapping that is read-only, and one that is shared
// and not accessible.
#include "mmguard.h"
#include "wipe.h"
#include <sys/mman.h>

static void **page(size_t size)
{
    void **words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
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
