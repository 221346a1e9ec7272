// SPDX-License-Identifier: MIT
//
// A block of each kind, and one for each way in which a pointer to the middle of a block can be the pointer to it.
#ifndef MANY_KINDS_H
#define MANY_KINDS_H

#include "wipe.h"
#include <cstdint>
#include <string>

struct counted {
    char bytes[56];
    ~counted()
    {
        bytes[0] = 1;
    }
};
struct first {
    virtual ~first() = default;
    char bytes[40];
};
struct second {
    virtual ~second() = default;
    char bytes[48];
};
struct both : first, second {
};

// What a function holds while it runs: 300 bytes possible; reachable 512 bytes as an array of objects with destructors, 104 by their
// second base, 408 behind their length, 35 as a string of libstdc++'s old kind.
struct held {
    char *middle;
    counted *array;
    second *base;
    uint64_t *behind_length;
    std::string *string;
};

// Definite 100 bytes, indirect 200.
static void __attribute__((noinline)) lose()
{
    void **volatile lost = (void **)malloc(100);
    *lost = malloc(200);
    lost = nullptr;
}

static void __attribute__((noinline)) hold(volatile held *held, std::string *string)
{
    held->middle = (char *)malloc(300) + 150;
    held->array = new counted[9];
    held->base = new both;
    uint64_t *volatile with_length = (uint64_t *)malloc(8 + 400);
    *with_length = 400;
    held->behind_length = with_length + 1;
    with_length = nullptr;
    held->string = new (string) std::string(10, 'x');
}

#endif
