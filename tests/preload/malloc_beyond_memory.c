// SPDX-License-Identifier: MIT
// Nothing is reported: malloc refuses what the kernel refuses to commit, and gives what it gives.
#include "wipe.h"
#include <sys/mman.h>

int main(void)
{
    for (int log = 30; log <= 44; log++) {
        size_t size = (size_t)1 << log;
        void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages != MAP_FAILED)
            munmap(pages, size);
        void *block = malloc(size);
        REQUIRE((block != NULL) == (pages != MAP_FAILED));
        free(block);
    }
    say("after");
    return 0;
}
