// SPDX-License-Identifier: MIT
// options: report=none
// flags: -pthread
// Nothing is reported: the program limits its address space to less than is mapped by then of ours, and has all of it for itself.
#include "wipe.h"
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void *allocating(void *unused)
{
    for (int i = 0; i < 2000; i++) {
        char *block = malloc(1 + i % 5000);
        if (!block)
            return "none";
        *block = 1;
        free(block);
    }
    return NULL;
}

int main(void)
{
    struct rlimit limit = {128 << 20, RLIM_INFINITY}, now;
    void *answer;
    pthread_t thread;
    allocating(NULL);
    REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
    REQUIRE(getrlimit(RLIMIT_AS, &now) == 0 && now.rlim_cur == limit.rlim_cur && now.rlim_max == limit.rlim_max);
    REQUIRE(!allocating(NULL));
    void *pages = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(pages != MAP_FAILED);
    REQUIRE(pthread_create(&thread, NULL, allocating, NULL) == 0);
    REQUIRE(pthread_join(thread, &answer) == 0 && !answer);
    REQUIRE(mmap(NULL, 256 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    char *large = malloc(32 << 20);
    REQUIRE(large);
    memset(large, 1, 32 << 20);
    free(large);
    REQUIRE(!malloc(1 << 30));

    // Another program gets the limit that was asked for.
    int status;
    pid_t child = fork();
    if (!child) {
        execle("/bin/sh", "sh", "-c", "test `ulimit -v` = 131072", (char *)NULL, (char *[]){NULL});
        _exit(9);
    }
    REQUIRE(waitpid(child, &status, 0) == child && status == 0);
    say("after");
    return 0;
}
