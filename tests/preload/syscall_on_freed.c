// SPDX-License-Identifier: MIT
// Nothing is reported: a system call that is given freed memory fails with EFAULT.
#include "wipe.h"
#include <errno.h>

int main(void)
{
    char *block = malloc(64);
    memset(block, 'x', 64);
    free(block);
    if (write(1, block, 64) < 0 && errno == EFAULT)
        say("EFAULT");
    return 0;
}
