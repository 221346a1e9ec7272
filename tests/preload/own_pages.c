// SPDX-License-Identifier: MIT
// Nothing is reported: the program gives pages of its own block back to the kernel, protects some for a while, and has the kernel write to
// them.
#include "wipe.h"
#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
    char *block = NULL;
    if (posix_memalign((void **)&block, 4096, 16 * 4096))
        return 1;
    memset(block, 1, 16 * 4096);
    madvise(block, 4 * 4096, MADV_DONTNEED);
    say(block[0] == 0 && block[4 * 4096] == 1 ? "given back" : "wrong");
    madvise(block + 4 * 4096, 4096, MADV_DONTNEED);
    int zero = open("/dev/zero", O_RDONLY);
    say(read(zero, block + 4 * 4096, 8192) == 8192 ? "read" : "not read");
    close(zero);
    madvise(block + 8 * 4096, 4096, MADV_FREE);
    block[8 * 4096] = 2;
    mprotect(block + 9 * 4096, 4096, PROT_NONE);
    mprotect(block + 9 * 4096, 4096, PROT_READ | PROT_WRITE);
    say(block[9 * 4096] == 1 ? "protected" : "wrong");
    mlock(block, 8192);
    free(block);
    block = malloc(16 * 4096);
    memset(block, 3, 16 * 4096);
    free(block);
    return 0;
}
