# SPDX-License-Identifier: MIT
# What came and went between two moments of one process, and its end.
cat >cache.c <<'END'
#include "mmguard.h"
#include <stdlib.h>
static void *kept[64];
static int used;
__attribute__((noinline)) static void load(size_t size)
{
    kept[used++] = malloc(size);
}
__attribute__((noinline)) static void lose(size_t size)
{
    *(volatile char *)malloc(size) = 1;
}
__attribute__((noinline)) static void step(int loads, int losses)
{
    for (int i = 0; i < loads; i++)
        load(100);
    for (int i = 0; i < losses; i++)
        lose(7);
}
int main(void)
{
    step(10, 2);
    mmguard_snapshot("one");
    step(5, 3);
    mmguard_snapshot("two");
    for (int i = 0; i < 12; i++)
        free(kept[--used]);
    return 0;
}
END
cc -g -O1 -I"$(dirname "$0")/../../include" -o cache cache.c
mkdir traces
mmguard -q --error-exitcode=0 -o traces ./cache
one=$(ls traces/*-snapshot-1.mmg) two=$(ls traces/*-snapshot-2.mmg) end=$(ls traces/*.mmg | grep -v snapshot)
for metric in leaked live total; do
    echo "== $metric"
    mmreport diff --metric=$metric "$one" "$two"
done
echo "== to the end"
mmreport diff --metric=live "$two" "$end" | head -n 3
mmreport diff --json --metric=live "$two" "$end" | grep -o '"counts":{[^}]*}'
