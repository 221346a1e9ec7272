// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: blocks of libc's own allocator, small ones and mappings, of this thread's and of another's arena, are
// reallocated and freed.
#include "wipe.h"
#include <pthread.h>

extern void *__libc_malloc(size_t size);

static void *use(void *unused)
{
    for (size_t size = 100; size <= 1 << 20; size *= 100) {
        char *block = __libc_malloc(size);
        memset(block, 'k', size);
        block = realloc(block, 2 * size);
        for (size_t i = 0; i < size; i++)
            REQUIRE(block[i] == 'k');
        free(block);
        free(__libc_malloc(size));
    }
    free(__libc_malloc(4 << 20));
    return NULL;
}

int main(void)
{
    pthread_t thread;
    use(NULL);
    pthread_create(&thread, NULL, use, NULL);
    pthread_join(thread, NULL);
    say("after");
    return 0;
}
