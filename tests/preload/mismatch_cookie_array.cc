// SPDX-License-Identifier: MIT
// options: report=errors
// Reported: alloc-dealloc-mismatch three times: arrays whose number of elements lies before the first of them, given to delete, free() and
// the aligned delete; the pointers are one cookie past the start of their blocks. The blocks are freed all the same: nothing is lost.
#include "wipe.h"

struct element {
    long value;
    ~element()
    {
        value = 0;
    }
};

struct alignas(64) wide {
    long value;
    ~wide()
    {
        value = 0;
    }
};

int main()
{
    delete new element[3];
    free(new element[2]);
    delete new wide[2];
    say("after");
    return 0;
}
