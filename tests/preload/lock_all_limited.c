// SPDX-License-Identifier: MIT
// Nothing is reported: with a small limit of locked memory a program can lock what it has.
#include "wipe.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>

static long locked(void)
{
    char line[200];
    long kilobytes = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof(line), status))
        sscanf(line, "VmLck: %ld", &kilobytes);
    fclose(status);
    return kilobytes;
}

int main(void)
{
    struct rlimit limit = {8 << 20, 8 << 20}, hard;
    REQUIRE(getrlimit(RLIMIT_MEMLOCK, &hard) == 0);
    if (hard.rlim_max < limit.rlim_max) {
        say("after");
        return 0;
    }
    REQUIRE(setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    REQUIRE(geteuid() != 0 || setuid(65534) == 0);
    REQUIRE(mlockall(0) == -1 && errno == EINVAL);
    REQUIRE(mlockall(MCL_CURRENT) == 0 && locked() > 1000);
    char *block = malloc(100000);
    REQUIRE(block);
    free(block);
    REQUIRE(munlockall() == 0);
    void *pages = mmap(NULL, 16 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(pages != MAP_FAILED && mlockall(MCL_CURRENT) == -1 && errno == ENOMEM);
    say("after");
    return 0;
}
