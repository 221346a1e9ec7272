// SPDX-License-Identifier: MIT
// flags: -Wl,-z,now
// compact: no, a fault on the stack is what this is about
// Reported: two heap-buffer-overflow-writes of 1 byte, in on_alternate and in main. The first is made on an alternate stack of
// 8192 bytes, below which nothing may be touched.
#include "wipe.h"
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

static volatile char *first, *second;

static void on_alternate(int number)
{
    first[16] = 1;
    say("handler");
}

int main(void)
{
    size_t size = 8192;
    char *pages = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(mprotect(pages + 32768, 32768, PROT_READ | PROT_WRITE) == 0);
    memset(pages + 32768, 'b', 32768);
    stack_t own = {.ss_sp = pages + 49152, .ss_size = size};
    REQUIRE(sigaltstack(&own, NULL) == 0);
    struct sigaction action = {.sa_handler = on_alternate, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    first = malloc(16);
    second = malloc(16);
    raise(SIGUSR1);
    second[16] = 1;
    for (char *below = pages + 32768; below < pages + 49152; below++)
        REQUIRE(*below == 'b');
    say("after");
    return 0;
}
