// SPDX-License-Identifier: MIT
// options: log=report.log
// Reported, to a file, with the standard descriptors closed: they stay closed, and no descriptor is left open.
#include "wipe.h"
#include <fcntl.h>

int main(void)
{
    int out = fcntl(1, F_DUPFD, 100);
    int before[100];
    for (int fd = 0; fd < 100; fd++) {
        if (fd < 3)
            close(fd);
        before[fd] = fcntl(fd, F_GETFD);
    }
    volatile char *block = malloc(16);
    block[16] = 1;
    free((void *)block);
    int wrong = 0;
    for (int fd = 0; fd < 100; fd++)
        wrong += fcntl(fd, F_GETFD) != before[fd];
    REQUIRE(dup2(out, 1) == 1);
    REQUIRE(!wrong && access("report.log", R_OK) == 0);
    say("after");
    return 0;
}
