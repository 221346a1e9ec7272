// SPDX-License-Identifier: MIT
// Nothing is reported: exceptions are allocated, thrown through frames and freed.
#include "wipe.h"
#include <stdexcept>
#include <string>

static void thrower(int depth)
{
    std::string local(100, 'x');
    if (depth == 0)
        throw std::runtime_error("caught 7");
    thrower(depth - 1);
}

int main()
{
    try {
        thrower(20);
    } catch (const std::exception &error) {
        say(error.what());
    }
    return 0;
}
