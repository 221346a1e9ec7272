/* SPDX-License-Identifier: MIT */
#include "base/debug.h"

#include "base/output.h"
#include "base/print.h"
#include "base/sys.h"

uint32_t debug_wanted;

void debug_write(enum debug_area area, const char *step, const struct debug_value *values,
                 size_t count)
{
    static const char *const areas[] = {"heap", "signals", "leak", "process"};
    int output = output_open();
    if (output < 0)
        return;
    char line[512];
    struct print p;
    print_to_fd(&p, output, line, sizeof(line));
    print_text(&p, "mmguard: debug: pid ");
    print_unsigned(&p, (uint64_t)sys_getpid());
    print_text(&p, " ");
    print_text(&p, areas[area]);
    print_text(&p, ": ");
    print_text(&p, step);
    for (size_t i = 0; i < count; i++) {
        print_text(&p, " ");
        print_text(&p, values[i].name);
        print_text(&p, "=");
        if (text_equal(values[i].name, "at"))
            print_hex(&p, values[i].value);
        else
            print_signed(&p, (int64_t)values[i].value);
    }
    print_char(&p, '\n');
    print_end(&p);
    output_close(output);
}
