// SPDX-License-Identifier: MIT
// Nothing is reported: what is lost was allocated in a scope object.
#include "mmguard.h"
#include "wipe.h"

static void *volatile last;

static void lose()
{
    mmguard::ignore_scope scope;
    last = new int[5];
    last = new char;
    last = nullptr;
}

int main()
{
    lose();
    wipe_stack();
    say("after");
}
