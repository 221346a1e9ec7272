/* SPDX-License-Identifier: MIT
 *
 * The functions that ask glibc's allocator about itself, answered for our heap. Tuning has nothing
 * to tune here, and says that it worked, since programs take a failure for a broken libc.
 */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>

#include "base/print.h"
#include "guard/guard.h"
#include "heap/heap.h"

static struct heap_counters count_now(void)
{
    struct heap_counters counters;
    guard_enter();
    heap_count(&counters);
    return counters;
}

EXPORT struct mallinfo2 mallinfo2(void)
{
    struct heap_counters counters = count_now();
    return (struct mallinfo2){
        .arena = counters.bytes_live,
        .ordblks = 1,
        .uordblks = counters.bytes_live,
    };
}

static int clamp(size_t value)
{
    return value > INT_MAX ? INT_MAX : (int)value;
}

EXPORT struct mallinfo mallinfo(void)
{
    struct mallinfo2 wide = mallinfo2();
    return (struct mallinfo){
        .arena = clamp(wide.arena),
        .ordblks = clamp(wide.ordblks),
        .uordblks = clamp(wide.uordblks),
    };
}

EXPORT int mallopt(int parameter, int value)
{
    (void)parameter, (void)value;
    return 1;
}

/* Freed memory goes back at once, so there is never anything to trim. */
EXPORT int malloc_trim(size_t pad)
{
    (void)pad;
    return 0;
}

EXPORT void malloc_stats(void)
{
    struct heap_counters counters = count_now();
    char buffer[512];
    struct print p;
    print_to_fd(&p, 2, buffer, sizeof(buffer));
    print_text(&p, "libguard heap:\nin use bytes     = ");
    print_unsigned(&p, counters.bytes_live);
    print_text(&p, "\nin use blocks    = ");
    print_unsigned(&p, counters.blocks_live);
    print_text(&p, "\nallocations      = ");
    print_unsigned(&p, counters.allocations);
    print_text(&p, "\nfrees            = ");
    print_unsigned(&p, counters.frees);
    print_char(&p, '\n');
    print_end(&p);
}

EXPORT int malloc_info(int options, FILE *stream)
{
    if (options) {
        errno = EINVAL;
        return -1;
    }
    struct heap_counters counters = count_now();
    int written = fprintf(stream,
                          "<malloc version=\"1\">\n<total type=\"rest\" count=\"0\" size=\"0\"/>\n"
                          "<system type=\"current\" size=\"%lu\"/>\n<allocations "
                          "count=\"%lu\"/>\n<frees count=\"%lu\"/>\n</malloc>\n",
                          counters.bytes_live, counters.allocations, counters.frees);
    return written < 0 ? -1 : 0;
}
