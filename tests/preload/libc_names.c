// SPDX-License-Identifier: MIT
// glibc's other names of the allocator serve the same blocks; posix_memalign() fails as it does there.
#include "wipe.h"
#include <errno.h>
#include <stdint.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void *__libc_valloc(size_t);
void *__libc_pvalloc(size_t);
void __libc_free(void *);

int main(void)
{
    char *block = __libc_malloc(50);
    free(block);
    block = malloc(60);
    __libc_free(block);
    free(__libc_memalign(64, 100));
    free(realloc(__libc_calloc(3, 3), 100));
    free(__libc_realloc(malloc(5), 50));
    free(__libc_valloc(7));
    __libc_free(__libc_pvalloc(7));
    __libc_free(NULL);
    void *kept = &kept;
    errno = 0;
    REQUIRE(posix_memalign(&kept, 3, 8) == EINVAL && errno == 0 && kept == &kept);
    REQUIRE(posix_memalign(&kept, 64, SIZE_MAX / 4) == ENOMEM && errno == ENOMEM && kept == &kept);
    say("after");
    block = __libc_malloc(20);
    __libc_free(block);
    __libc_free(block);
    return 0;
}
