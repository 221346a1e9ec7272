// SPDX-License-Identifier: MIT
// options: report=errors
// Reported: alloc-dealloc-mismatch, operator delete[] in main of an object from operator new: what lies before it, slack, is taken for the number of
// elements. Then their destructors run, far away: a wild pointer, which ends the program.
#include "wipe.h"

struct element {
    long value[3];
    ~element()
    {
        value[0] = 0;
    }
};

int main()
{
    say("before");
    delete[] new element;
    say("after");
    return 0;
}
