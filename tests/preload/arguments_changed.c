// SPDX-License-Identifier: MIT
// options: keep=1
// Nothing is reported, and the trace is written: the program takes its arguments apart, as parsers of options do, and writes over
// their text, as programs that show their state in ps do.
#include "wipe.h"

int main(int argc, char **argv)
{
    if (argc == 1) {
        execl("/proc/self/exe", "arguments_changed", "one", "two", (char *)NULL);
        return 1;
    }
    memset(argv[1], 'x', 8);
    for (int i = 0; i <= argc; i++)
        argv[i] = NULL;
    say("after");
    return 0;
}
