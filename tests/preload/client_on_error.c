// SPDX-License-Identifier: MIT
// Reported: slack of the block of 10 bytes overwritten, found when the program asks; a double free. The program hears of each once.
#include "mmguard.h"
#include "wipe.h"
#include <stdio.h>

static int heard;

static void hear(const struct mmguard_error *error, void *argument)
{
    char line[200];
    snprintf(line, sizeof(line), "%s: %s CWE-%u, block of %zu bytes", (const char *)argument, error->kind, error->cwe, error->block_size);
    say(line);
    heard++;
}

static void give_back(void *block)
{
    free(block);
}

int main(void)
{
    char *volatile block = malloc(10);
    mmguard_on_error(hear, "heard");
    REQUIRE(mmguard_check_slack() == 0);
    block[12] = 1;
    REQUIRE(mmguard_check_slack() == 1);
    REQUIRE(mmguard_check_slack() == 0);
    for (int i = 0; i < 3; i++)
        give_back(block);
    REQUIRE(heard == 2);
    mmguard_on_error(NULL, NULL);
    return 0;
}
