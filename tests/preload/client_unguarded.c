// SPDX-License-Identifier: MIT
// flags: -fno-pie -no-pie
// A program that knows us runs without us, and with us though its code has fixed addresses.
#include "mmguard.h"
#include "wipe.h"

int main(int argc, char **argv)
{
    if (argc == 1) {
        REQUIRE(mmguard_active() == 1);
        unsetenv("LD_PRELOAD");
        execl("/proc/self/exe", argv[0], "again", NULL);
        return 1;
    }
    char text[10] = "x";
    struct mmguard_leaks leaks = {.definite_blocks = 1};
    REQUIRE(!mmguard_active() && !mmguard_check_leaks(&leaks) && !leaks.definite_blocks && !mmguard_report_leaks());
    REQUIRE(!mmguard_snapshot("") && !mmguard_add_root(text, 1) && !mmguard_remove_root(text, 1));
    mmguard_ignore(text);
    mmguard_ignore_begin();
    mmguard_ignore_end();
    REQUIRE(!mmguard_pool_alloc(text, 1) && !mmguard_pool_free(text) && !mmguard_pool_reset(text, 1));
    REQUIRE(mmguard_describe(text, text, sizeof(text)) == MMGUARD_UNKNOWN && !*text && !mmguard_check_slack());
    mmguard_on_error(NULL, NULL);
    say("without");
    return 0;
}
