// SPDX-License-Identifier: MIT
// compact: no, a write after the free is found there when the memory is used again
// Reported: three writes after the free, to pages that can be read: protected before the free, after it, and mapped over. The
// program goes on after each. The fourth page cannot be made writable: the fault is the program's, once.
#include "wipe.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

static sigjmp_buf out;

static void on_fault(int number)
{
    siglongjmp(out, number);
}

static char *block(void)
{
    char *memory;
    REQUIRE(posix_memalign((void **)&memory, 4096, 4096) == 0);
    return memory;
}

static void protected_before(void)
{
    char *memory = block();
    mprotect(memory, 4096, PROT_READ);
    free(memory);
    memory[1] = 1;
}

static void protected_after(void)
{
    char *memory = block();
    free(memory);
    mprotect(memory, 4096, PROT_READ);
    memory[2] = 1;
}

static void mapped_over(void)
{
    char *memory = block();
    free(memory);
    REQUIRE(mmap(memory, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == memory);
    memory[3] = 1;
}

static void file_mapped_over(void)
{
    char *memory = block();
    int file = open("/proc/self/exe", O_RDONLY);
    free(memory);
    REQUIRE(mmap(memory, 4096, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0) == memory);
    signal(SIGSEGV, on_fault);
    if (sigsetjmp(out, 1) == 0)
        memory[4] = 1;
    else
        say("caught");
}

int main(void)
{
    protected_before();
    protected_after();
    mapped_over();
    file_mapped_over();
    say("after");
    return 0;
}
