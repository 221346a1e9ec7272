// SPDX-License-Identifier: MIT
// options: report=none
// The program lives on when it allows itself no descriptors, no locked memory and hardly any stack, and sees a use after free reported.
#include "wipe.h"
#include <sys/resource.h>

static void limit(int resource, rlim_t value)
{
    struct rlimit limit = {value, value};
    REQUIRE(setrlimit(resource, &limit) == 0);
}

int main(void)
{
    limit(RLIMIT_NOFILE, 0);
    limit(RLIMIT_MEMLOCK, 0);
    limit(RLIMIT_STACK, 64 << 10);
    for (int i = 0; i < 5000; i++) {
        char *block = malloc(1 + i % 70000);
        REQUIRE(block);
        *block = 1;
        free(block);
    }
    volatile char *block = malloc(20);
    free((void *)block);
    block[3] = 1;
    say("after");
    return 0;
}
