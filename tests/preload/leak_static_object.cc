// SPDX-License-Identifier: MIT
// Nothing is reported: the blocks are freed by destructors of static objects.
#include "wipe.h"
#include <string>
#include <vector>

static std::vector<std::string> names;

int main()
{
    for (int i = 0; i < 100; i++)
        names.push_back(std::string(100, 'x'));
    say("after");
    return 0;
}
