// SPDX-License-Identifier: MIT
//
// Bug: an array from new[] is given back with free().
// mmguard: a mismatched deallocation by free in release of a 40-byte block that make_table allocated with operator new[].
#include <cstdio>
#include <cstdlib>

__attribute__((noinline)) int *make_table(int size)
{
    int *table = new int[size];
    for (int i = 0; i < size; i++)
        table[i] = i * i;
    return table;
}

__attribute__((noinline)) void release(void *table)
{
    std::free(table); // should be delete[]
}

int main()
{
    int *table = make_table(10);
    std::printf("%d\n", table[9]);
    release(table);
    return 0;
}
