// SPDX-License-Identifier: MIT
// options: report=none
// The program forbids itself all further address space; what it has freed it can still allocate again, for as long as it runs.
#include "wipe.h"
#include <sys/resource.h>

int main(void)
{
    struct rlimit limit = {0, RLIM_INFINITY};
    char *blocks[20];
    for (int i = 0; i < 20; i++)
        REQUIRE((blocks[i] = malloc(5000)) != NULL);
    for (int i = 0; i < 20; i++)
        free(blocks[i]);
    REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
    for (int i = 0; i < 20000; i++) {
        REQUIRE((blocks[0] = malloc(1 + i % 5000)) != NULL);
        blocks[0][0] = 1;
        free(blocks[0]);
    }
    say("after");
    return 0;
}
