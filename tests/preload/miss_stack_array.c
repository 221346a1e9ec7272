// SPDX-License-Identifier: MIT
// Not seen: an overflow of an array on the stack.
#include <stdlib.h>

int main(void)
{
    struct {
        char array[16];
        char after[16];
    } frame;
    volatile char *array = frame.array;
    array[16] = 1;
    return frame.after[0] != 1;
}
