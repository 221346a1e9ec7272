# SPDX-License-Identifier: MIT
# Functions that only call malloc and give up if it fails are not where somebody must look.
cat >wrap.c <<'END'
#include <stdlib.h>
__attribute__((noinline)) void *xmalloc(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL)
        abort();
    return memory;
}
__attribute__((noinline)) static void parse(void)
{
    *(volatile char *)xmalloc(100) = 1;
}
__attribute__((noinline)) static void draw(void)
{
    *(volatile char *)xmalloc(20) = 1;
}
int main(void)
{
    parse();
    draw();
    return 0;
}
END
cc -g -O1 -fno-optimize-sibling-calls -o wrap wrap.c
mkdir traces
mmguard -q --error-exitcode=0 -o traces ./wrap
mmreport top traces | sed -E 's/ +[0-9.]+s +[0-9.]+s  /  /'
mmreport top --all-frames --group-by=function traces | sed -E 's/ +[0-9.]+s +[0-9.]+s  /  /' | head -n 2
