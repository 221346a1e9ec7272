// SPDX-License-Identifier: MIT
// Nothing is reported: arrays without elements are held by a pointer one past their count, which is all there is of the block. A
// header that says how many bytes follow, which are none, is alike.
#include "wipe.h"
#include <cstdint>

struct plain {
    int value;
    ~plain()
    {
        value = 0;
    }
};

struct alignas(32) aligned {
    int value;
    ~aligned()
    {
        value = 0;
    }
};

static plain *volatile none;
static aligned *volatile none_aligned;
static uint64_t *volatile no_bytes;

static void __attribute__((noinline)) make(int count)
{
    none = new plain[count];
    none_aligned = new aligned[count];
    uint64_t *header = (uint64_t *)malloc(8 + count);
    *header = count;
    no_bytes = header + 1;
}

int main(int argc, char **)
{
    make(argc - 1);
    wipe_stack();
    say("after");
    return 0;
}
