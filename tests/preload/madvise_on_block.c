// SPDX-License-Identifier: MIT
// Nothing is reported: a program may change the protection of pages it allocated, and give their contents away.
#include "wipe.h"
#include <sys/mman.h>

int main(void)
{
    char *block;
    REQUIRE(posix_memalign((void **)&block, 4096, 65536) == 0);
    memset(block, 1, 65536);
    REQUIRE(madvise(block, 65536, MADV_DONTNEED) == 0);
    REQUIRE(block[5000] == 0);
    REQUIRE(mprotect(block, 4096, PROT_READ) == 0);
    REQUIRE(block[0] == 0);
    REQUIRE(mprotect(block, 4096, PROT_READ | PROT_WRITE) == 0);
    block[0] = 1;
    free(block);
    say("after");
    return 0;
}
