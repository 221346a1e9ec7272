// SPDX-License-Identifier: MIT
// flags: -rdynamic
// Nothing is reported: the program says that it wants no search for leaks.
#include "wipe.h"

extern void __lsan_do_leak_check(void) __attribute__((weak));
static void *volatile last;

int __lsan_is_turned_off(void)
{
    return 1;
}

int main(void)
{
    last = malloc(12);
    last = NULL;
    wipe_stack();
    __lsan_do_leak_check();
    say("after");
    return 0;
}
