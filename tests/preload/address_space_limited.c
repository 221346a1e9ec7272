// SPDX-License-Identifier: MIT
// Nothing is reported: the program limits its address space while it runs, and goes on within the limit.
#include "wipe.h"
#include <sys/mman.h>
#include <sys/resource.h>

int main(void)
{
    struct rlimit limit = {3L << 30, 3L << 30}, now;
    void *early = malloc(100);
    REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
    REQUIRE(getrlimit(RLIMIT_AS, &now) == 0 && now.rlim_cur == limit.rlim_cur);
    for (int i = 0; i < 2000; i++) {
        char *block = malloc(1 + i % 3000);
        REQUIRE(block);
        block[0] = 1;
        free(block);
    }
    void *pages = mmap(NULL, 256 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(pages != MAP_FAILED);
    char *large = malloc(32 << 20);
    REQUIRE(large);
    memset(large, 1, 32 << 20);
    free(large);
    free(early);
    REQUIRE(!malloc(4L << 30));
    say("after");
    return 0;
}
