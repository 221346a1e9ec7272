// SPDX-License-Identifier: MIT
// options: report=none
// Nothing is reported: memory that the program maps where the heap has given up address space is its own, in a forked child as well.
#include "wipe.h"
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { LENGTH = 1 << 18, PLACES = 64 };

int main(void)
{
    struct rlimit limit = {256 << 20, RLIM_INFINITY};
    char *block = malloc(10), *pages[PLACES];
    REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
    limit.rlim_cur /= 2;
    REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
    for (size_t i = 0; i < PLACES; i++) {
        char *wanted = (char *)((uintptr_t)block & -(uintptr_t)4096) + ((i + 1) << 40);
        pages[i] = mmap(wanted, LENGTH, PROT_READ | PROT_WRITE, i % 2 ? MAP_SHARED | MAP_ANONYMOUS : MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(pages[i] != MAP_FAILED);
    }
    pid_t child = fork();
    if (!child) {
        for (int i = 0; i < PLACES; i++)
            memset(pages[i], 1, LENGTH);
        free(block);
        for (int i = 0; i < 1000; i++)
            free(malloc((size_t)i));
        volatile char *freed = malloc(10);
        free((void *)freed);
        freed[0] = 1; // is still found
        _exit(0);
    }
    int status;
    REQUIRE(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 23);
    free(block);
    say("after");
    return 0;
}
