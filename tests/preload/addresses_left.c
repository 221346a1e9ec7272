// SPDX-License-Identifier: MIT
// Nothing is reported: the addresses that runtimes ask for by number, as Java's Z collector does up
// to 20 TiB, are free.
#include "wipe.h"
#include <sys/mman.h>

#define TERABYTE (1L << 40)
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

int main(void)
{
    free(malloc(100));
    for (long at = 0; at < 20; at += 2) {
        char *wanted = (char *)(at * TERABYTE + (at ? 0 : TERABYTE));
        long length = 2 * TERABYTE - (at ? 0 : TERABYTE);
        REQUIRE(mmap(wanted, length, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
                     0) == wanted);
    }
    say("after");
    return 0;
}
