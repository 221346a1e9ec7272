// SPDX-License-Identifier: MIT
// options: report=errors:leak_check=0
// flags: -pthread
// Under a limit of writable memory that was set before its start a program has what it has without
// us: large blocks count, small ones end somewhere, and errors are found.
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

int main(int count, char **arguments)
{
    struct rlimit limit = {64 << 20, 64 << 20}, now;
    void *answer;
    pthread_t thread;
    if (count == 1) {
        REQUIRE(setrlimit(RLIMIT_DATA, &limit) == 0);
        execl("/proc/self/exe", arguments[0], "limited", NULL);
        return 1;
    }
    REQUIRE(getrlimit(RLIMIT_DATA, &now) == 0 && now.rlim_cur == limit.rlim_cur);
    REQUIRE(!allocating(NULL));
    char *large = malloc(40 << 20);
    REQUIRE(large && !malloc(40 << 20));
    memset(large, 1, 40 << 20);
    free(large);
    REQUIRE(pthread_create(&thread, NULL, allocating, NULL) == 0);
    REQUIRE(pthread_join(thread, &answer) == 0 && !answer);
    REQUIRE((large = malloc(40 << 20)) != NULL);
    REQUIRE(mmap(NULL, 40 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    free(large);
    pid_t child = fork();
    if (!child) {
        size_t blocks = 0;
        while (malloc(10000))
            blocks++;
        _exit(blocks > 40000 ? 1 : blocks < 2000 ? 2 : 0);
    }
    int status;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    limit.rlim_cur = 32 << 20;
    REQUIRE(setrlimit(RLIMIT_DATA, &limit) == 0 && !malloc(34 << 20));
    char *block = malloc(100);
    free(block);
    free(block);
    say("after");
    return 0;
}
