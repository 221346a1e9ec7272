// SPDX-License-Identifier: MIT
// Nothing is reported.
#include "wipe.h"
#include <stdio.h>

int main(void)
{
    char line[20] = "";
    FILE *pipe = popen("echo one", "r");
    REQUIRE(fgets(line, sizeof(line), pipe) && pclose(pipe) == 0);
    line[3] = 0;
    say(line);
    REQUIRE(system("echo two") == 0);
    say("after");
    return 0;
}
