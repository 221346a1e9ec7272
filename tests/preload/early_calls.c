// SPDX-License-Identifier: MIT
// Nothing is reported: memory is allocated before any library is initialized, and freed later.
#include "wipe.h"

static void *early[3];

static void first(int argc, char **argv, char **environment)
{
    early[0] = malloc(100);
    early[1] = calloc(10, 10);
    early[1] = realloc(early[1], 5000);
    free(malloc(10));
}

__attribute__((section(".preinit_array"), used)) static void (*preinit)(int, char **, char **) = first;

__attribute__((constructor(101))) static void second(void)
{
    early[2] = malloc(100);
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        REQUIRE(early[i]);
        free(early[i]);
    }
    say("after");
    return 0;
}
