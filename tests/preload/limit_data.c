// SPDX-License-Identifier: MIT
// options: report=none
// compact: no, chunks for so many sizes take more than the limit leaves
// flags: -pthread
// Nothing is reported: the program limits its writable memory, and lives within the limit as it would without us.
#include "wipe.h"
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void *allocating(void *unused)
{
    for (int i = 0; i < 20000; i++) {
        char *block = malloc(1 + i % 70000);
        if (!block)
            return "none";
        *block = 1;
        free(block);
    }
    return NULL;
}

int main(void)
{
    struct rlimit limit = {16 << 20, 16 << 20}, now;
    void *answer;
    pthread_t thread;
    REQUIRE(setrlimit(RLIMIT_DATA, &limit) == 0);
    REQUIRE(getrlimit(RLIMIT_DATA, &now) == 0 && now.rlim_cur == limit.rlim_cur && now.rlim_max == limit.rlim_max);
    REQUIRE(!allocating(NULL));
    void *pages = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(pages != MAP_FAILED);
    REQUIRE(pthread_create(&thread, NULL, allocating, NULL) == 0);
    REQUIRE(pthread_join(thread, &answer) == 0 && !answer);
    REQUIRE(mmap(NULL, 512 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    pid_t child = fork();
    if (!child)
        _exit(allocating(NULL) ? 1 : 0);
    int status;
    REQUIRE(waitpid(child, &status, 0) == child && status == 0);
    say("after");
    return 0;
}
