// SPDX-License-Identifier: MIT
// Nothing is reported: free leaves errno alone, and malloc that succeeds does.
#include "wipe.h"
#include <errno.h>

int main(void)
{
    for (size_t size = 1; size < 10000000; size *= 3) {
        errno = 1234;
        void *block = malloc(size);
        REQUIRE(errno == 1234 && block);
        free(block);
        REQUIRE(errno == 1234);
    }
    say("after");
    return 0;
}
