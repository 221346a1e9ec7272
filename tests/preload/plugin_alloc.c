// SPDX-License-Identifier: MIT
// A library that allocates, for programs that load it.
#include <stdlib.h>

void *plugin_make(size_t size)
{
    void *block = malloc(size);
    return block;
}

void plugin_release(void *block)
{
    free(block);
}
