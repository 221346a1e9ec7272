// SPDX-License-Identifier: MIT
//
// Blocks that are held by words other than plain pointers: each in its own way, by a variable and by another block.
#include "wipe.h"
#include <stdint.h>

struct __attribute__((packed)) odd {
    char before;
    void *block;
};

static uint64_t counted; // a counter in the upper bits
static uint64_t marked; // a mark in the lower ones
static struct odd odd;
static struct holder {
    uint64_t counted;
    struct odd odd;
} *holder;

static __attribute__((noinline)) void fill(void)
{
    counted = (uint64_t)malloc(1001) | (uint64_t)7 << 48;
    marked = (uint64_t)malloc(1002) | 1;
    odd.block = malloc(1003);
    holder = malloc(sizeof(*holder));
    holder->counted = (uint64_t)malloc(1004) | (uint64_t)0x8001 << 48;
    holder->odd.block = malloc(1005);
}

int main(void)
{
    fill();
    wipe_stack();
    say("after");
    return 0;
}
