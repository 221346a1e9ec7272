// SPDX-License-Identifier: MIT
// No file may grow: what is reported to one is lost, and the program goes on.
#include "wipe.h"
#include <sys/resource.h>

int main(void)
{
    struct rlimit none = {0, 0};
    int ends[2];
    char answer[8];
    REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
    REQUIRE(pipe(ends) == 0 && write(ends[1], "alive", 5) == 5 && read(ends[0], answer, 5) == 5);
    return 0;
}
