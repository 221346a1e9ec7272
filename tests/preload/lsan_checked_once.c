// SPDX-License-Identifier: MIT
// Nothing is reported: the program checks and finds nothing; what it loses after that, it does not want to hear of.
#include "wipe.h"

extern void __lsan_do_leak_check(void) __attribute__((weak));
static void *volatile last;

int main(void)
{
    __lsan_do_leak_check();
    last = malloc(12);
    last = NULL;
    wipe_stack();
    say("after");
    return 0;
}
