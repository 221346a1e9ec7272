// SPDX-License-Identifier: MIT
// Reported: 3 definite leaks, 40 bytes in 3 blocks. A pointer one past the end of a block holds nothing that has elements: an array
// of a count and one element, a block whose word is no count of 0, a larger block.
#include "wipe.h"

static char *volatile end_of_array, *volatile end_of_word, *volatile end_of_block;

static void __attribute__((noinline)) make()
{
    char *array = (char *)operator new[](16);
    *(long *)array = 0;
    *(long *)(array + 8) = 7;
    end_of_array = array + 16;
    long *word = (long *)malloc(8);
    *word = 3;
    end_of_word = (char *)(word + 1);
    end_of_block = (char *)calloc(1, 16) + 16;
}

int main()
{
    make();
    wipe_stack();
    say("after");
    return 0;
}
