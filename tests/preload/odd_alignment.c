// SPDX-License-Identifier: MIT
// Nothing is reported: aligned_alloc and memalign round an alignment that is no power of two up, and take 0, as glibc 2.36 does.
#include "wipe.h"
#include <errno.h>
#include <malloc.h>
#include <stdint.h>

int main(void)
{
    static const size_t given[] = {0, 1, 3, 5, 17, 48, 100, 5000};
    for (int i = 0; i < 8; i++) {
        size_t rounded = 1;
        while (rounded < given[i])
            rounded *= 2;
        char *a = aligned_alloc(given[i], 10), *b = memalign(given[i], 10);
        REQUIRE(a && b && (uintptr_t)a % rounded == 0 && (uintptr_t)b % rounded == 0);
        memset(a, 1, 10);
        memset(b, 1, 10);
        free(a);
        free(b);
    }
    errno = 0;
    REQUIRE(!aligned_alloc(SIZE_MAX, 10) && errno == EINVAL);
    say("after");
    return 0;
}
