// SPDX-License-Identifier: MIT
// Nothing is reported: alignments that are no power of two, or less than a pointer's, are refused; the pointer and errno stay as
// they were.
#include "wipe.h"
#include <errno.h>

int main(void)
{
    void *block = (void *)5;
    errno = 0;
    volatile size_t alignments[] = {0, 1, 3, 4, 24, 4095};
    for (int i = 0; i < 6; i++)
        REQUIRE(posix_memalign(&block, alignments[i], 16) == EINVAL);
    REQUIRE(block == (void *)5 && errno == 0);
    say("EINVAL");
    return 0;
}
