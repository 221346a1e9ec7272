// SPDX-License-Identifier: MIT
// options: report=none
// The program limits its memory in a sandbox that kills whatever opens a file: it lives on, and can still map memory.
#include "wipe.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

int main(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(filter) / sizeof(*filter), filter};
    struct rlimit limit = {256 << 20, 512 << 20}, now;
    free(malloc(10));
    REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    REQUIRE(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
    REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
    REQUIRE(setrlimit(RLIMIT_DATA, &limit) == 0);
    REQUIRE(getrlimit(RLIMIT_AS, &now) == 0 && now.rlim_cur == limit.rlim_cur && now.rlim_max == limit.rlim_max);
    void *pages = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(pages != MAP_FAILED);
    for (int i = 0; i < 1000; i++) {
        char *block = malloc(1 + i * 70);
        REQUIRE(block);
        *block = 1;
        free(block);
    }
    say("after");
    return 0;
}
