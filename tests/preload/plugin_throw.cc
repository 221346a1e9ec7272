// SPDX-License-Identifier: MIT
// A C++ library that throws and catches, for C programs that load it.
#include <string>

static void thrower(int depth)
{
    std::string text(100, 'x');
    if (depth)
        thrower(depth - 1);
    throw text;
}

extern "C" int throw_and_catch(void)
{
    try {
        thrower(5);
    } catch (const std::string &text) {
        return (int)text.size();
    }
    return 0;
}
