// SPDX-License-Identifier: MIT
// options: report=none
// Nothing is reported: no limit comes back that the program has lifted, or that only a vfork child had, when an exec fails.
#include "wipe.h"
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int unlimited(void)
{
    struct rlimit now;
    REQUIRE(execl("/nonexistent", "nothing", (char *)NULL) == -1);
    REQUIRE(getrlimit(RLIMIT_AS, &now) == 0);
    void *pages = mmap(NULL, (size_t)1 << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return now.rlim_cur == RLIM_INFINITY && pages != MAP_FAILED;
}

int main(void)
{
    struct rlimit small = {256 << 20, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
    pid_t child = vfork();
    if (!child) {
        if (setrlimit(RLIMIT_AS, &small) == 0)
            execle("/bin/sh", "sh", "-c", "test `ulimit -v` = 262144", (char *)NULL, (char *[]){NULL});
        _exit(9);
    }
    int status;
    REQUIRE(waitpid(child, &status, 0) == child && status == 0);
    REQUIRE(unlimited());
    // The heap has not been made small for the child.
    void *blocks[8];
    for (int i = 0; i < 8; i++)
        REQUIRE((blocks[i] = malloc((size_t)1 << 30)) != NULL);
    for (int i = 0; i < 8; i++)
        free(blocks[i]);
    REQUIRE(setrlimit(RLIMIT_AS, &small) == 0);
    REQUIRE(execl("/nonexistent", "nothing", (char *)NULL) == -1);
    REQUIRE(mmap(NULL, (size_t)1 << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    REQUIRE(setrlimit(RLIMIT_AS, &none) == 0);
    REQUIRE(unlimited());
    say("after");
    return 0;
}
