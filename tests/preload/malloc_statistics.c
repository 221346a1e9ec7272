// SPDX-License-Identifier: MIT
// Nothing is reported: the functions that tell or tune what malloc does can be called.
#include "wipe.h"
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>

int main(void)
{
    void *block = malloc(100000);
    struct mallinfo2 now = mallinfo2();
    struct mallinfo small = mallinfo();
    REQUIRE(now.uordblks < (size_t)1 << 40 && small.uordblks >= 0);
    REQUIRE(mallopt(M_MMAP_THRESHOLD, 100000) == 1);
    malloc_trim(0);
    dup2(open("/dev/null", O_WRONLY), 2);
    malloc_stats();
    FILE *null = fopen("/dev/null", "w");
    REQUIRE(malloc_info(0, null) == 0);
    fclose(null);
    free(block);
    say("after");
    return 0;
}
