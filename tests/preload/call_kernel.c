// SPDX-License-Identifier: MIT
// Reported: heap-buffer-overflow-write in read, readv and getcwd, heap-buffer-overflow-read in write, called by main.
#include "wipe.h"
#include <fcntl.h>
#include <sys/uio.h>

int main(void)
{
    int zero = open("/dev/zero", O_RDWR);
    char *block[4];
    for (int i = 0; i < 4; i++)
        block[i] = malloc(10);
    REQUIRE(read(zero, block[0], 11) == 11);
    struct iovec vector[] = {{block[1], 10}, {block[1], 12}};
    REQUIRE(readv(zero, vector, 2) == 22);
    REQUIRE(chdir("/") == 0 && getcwd(block[2], 4096) && !strcmp(block[2], "/"));
    REQUIRE(write(zero, block[3], 11) == 11);
    say("after");
    for (int i = 0; i < 4; i++)
        free(block[i]);
    return 0;
}
