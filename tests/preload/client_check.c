// SPDX-License-Identifier: MIT
// Reported when it is asked for, and again at the end: 1 definite leak of 24 bytes. The counts that the program gets are of that moment.
#include "mmguard.h"
#include "wipe.h"

static void *volatile last;
static void *held;

static void lose(void)
{
    void **holder = malloc(24);
    *holder = malloc(16);
    last = holder;
    held = malloc(8);
    last = NULL;
}

int main(void)
{
    struct mmguard_leaks before, leaks;
    REQUIRE(mmguard_active() == 1);
    REQUIRE(mmguard_check_leaks(&before) == 1);
    REQUIRE(before.definite_blocks == 0);
    REQUIRE(mmguard_report_leaks() == 0);
    lose();
    wipe_stack();
    REQUIRE(mmguard_check_leaks(&leaks) == 1);
    REQUIRE(leaks.definite_blocks == 1 && leaks.definite_bytes == 24);
    REQUIRE(leaks.indirect_blocks == 1 && leaks.indirect_bytes == 16);
    REQUIRE(leaks.reachable_blocks == before.reachable_blocks + 1 && leaks.reachable_bytes == before.reachable_bytes + 8);
    REQUIRE(mmguard_check_leaks(NULL) == 1);
    REQUIRE(mmguard_report_leaks() == 1);
    say("after");
    return 0;
}
