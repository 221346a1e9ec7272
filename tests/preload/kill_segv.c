// SPDX-License-Identifier: MIT
// Nothing is reported: a SIGSEGV that somebody sent ends the program as without us.
#include "wipe.h"
#include <signal.h>

int main(void)
{
    say("before");
    kill(getpid(), SIGSEGV);
    for (;;)
        pause();
}
