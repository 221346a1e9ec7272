/* SPDX-License-Identifier: MIT */
#include "base/fatal.h"

#include "base/bits.h"
#include "base/print.h"
#include "base/sys.h"

_Noreturn void fatal_about(const char *text, const char *what)
{
    char buffer[512];
    struct print p;
    print_to_fd(&p, 2, buffer, sizeof(buffer));
    print_text(&p, "libguard: ");
    print_text(&p, text);
    if (what)
        print_foreign(&p, what, text_length(what));
    print_char(&p, '\n');
    print_end(&p);
    sys_exit_group(2);
}

_Noreturn void fatal(const char *text)
{
    fatal_about(text, NULL);
}
