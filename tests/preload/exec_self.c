// SPDX-License-Identifier: MIT
// Reported: 100 bytes that were lost before another program takes over; then the other program runs.
#include "wipe.h"

static void *volatile last;

int main(int argc, char **argv)
{
    if (argc > 1) {
        say("second");
        return 0;
    }
    last = malloc(100);
    last = NULL;
    wipe_stack();
    execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    return 1;
}
