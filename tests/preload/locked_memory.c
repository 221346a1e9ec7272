// SPDX-License-Identifier: MIT
// compact: no, no page is revoked there
// Reported: use-after-free-read of 1 byte in main. All memory is locked, which must not make reserved address space resident.
#include "wipe.h"
#include <stdio.h>
#include <sys/mman.h>

static long resident_kilobytes(void)
{
    char line[200];
    long value = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof(line), status))
        if (!strncmp(line, "VmRSS:", 6))
            value = atol(line + 6);
    fclose(status);
    return value;
}

int main(void)
{
    mlockall(MCL_CURRENT | MCL_FUTURE); /* may be forbidden */
    for (int i = 0; i < 2000; i++) {
        char *block = malloc(100000);
        memset(block, 1, 100000);
        free(block);
    }
    volatile char *block = malloc(16);
    free((void *)block);
    (void)block[0];
    REQUIRE(resident_kilobytes() < 512 << 10);
    say("after");
    return 0;
}
