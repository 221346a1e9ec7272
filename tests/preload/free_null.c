// SPDX-License-Identifier: MIT
// Nothing is reported.
#include "wipe.h"

int main(void)
{
    free(NULL);
    free(realloc(NULL, 10));
    say("after");
    return 0;
}
