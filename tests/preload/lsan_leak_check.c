// SPDX-License-Identifier: MIT
// Reported twice: 1 definite leak of 12 bytes, first when the program asks and goes on, then when it asks and ends; what it would print after that is missing.
#include "wipe.h"

extern void __lsan_do_leak_check(void) __attribute__((weak));
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
static void *volatile last;

static void lose(void)
{
    last = malloc(12);
    last = NULL;
}

int main(void)
{
    REQUIRE(__lsan_do_recoverable_leak_check() == 0);
    __lsan_do_leak_check();
    lose();
    wipe_stack();
    REQUIRE(__lsan_do_recoverable_leak_check() == 1);
    say("before");
    __lsan_do_leak_check();
    say("after");
    return 0;
}
