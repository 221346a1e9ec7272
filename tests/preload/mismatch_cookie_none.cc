// SPDX-License-Identifier: MIT
// options: report=errors
// Reported: invalid-free-interior twice: pointers 8 bytes into an array, where there is no number of elements that fits, and 8 bytes before
// one.
#include "wipe.h"
#include <new>

int main()
{
    char *text = new char[32];
    memset(text, 7, 32);
    ::operator delete(text + 8);
    ::operator delete(text - 8);
    delete[] text;
    say("after");
    return 0;
}
