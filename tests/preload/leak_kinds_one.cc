// SPDX-License-Identifier: MIT
// flags: -D_GLIBCXX_USE_CXX11_ABI=0
// options: leak_kinds=possible
// Reported: each kind of leak and each kind of pointer into the middle: definite 100, indirect 200, possible 300; as reachable 4 blocks of
// 1,059 bytes.
#include "many_kinds.h"

int main()
{
    volatile held held;
    alignas(std::string) char string[sizeof(std::string)];
    lose();
    wipe_stack();
    hold(&held, (std::string *)string);
    wipe_stack();
    say("after");
    exit(held.middle == nullptr);
}
