// SPDX-License-Identifier: MIT
// Nothing is reported: blocks whose pages the program has protected are freed; their memory is the heap's again.
#include "wipe.h"
#include <sys/mman.h>

int main(void)
{
    static const size_t sizes[] = {4096, 20000, 300000};
    for (int i = 0; i < 6; i++) {
        size_t size = sizes[i / 2];
        char *block;
        REQUIRE(posix_memalign((void **)&block, 4096, size) == 0);
        memset(block, 1, size);
        REQUIRE(mprotect(block, size, i % 2 ? PROT_READ : PROT_NONE) == 0);
        free(block);
        for (int after = 0; after < 40; after++) {
            block = calloc(1, size);
            memset(block, 1, size);
            free(block);
        }
    }
    say("after");
    return 0;
}
