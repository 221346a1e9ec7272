/* SPDX-License-Identifier: MIT
 *
 * What `make demo` runs: reads measurements of a few stations and prints how many there are.
 *
 * Bugs, and what mmguard says about them:
 *   - read_values makes room for four values and stores five: a heap buffer overflow (write) of 8 bytes in read_values, 0
 *     bytes past the end of a 32-byte block that read_values allocated; seen 8 times and reported once.
 *   - what a station holds is never freed: definite leaks of 9,216 bytes in 24 blocks: 8 maps of 1,024 bytes (89 %: the
 *     likely origin is main, run, add_station, load_map), 8 labels of 96 bytes, 8 value arrays of 32 bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *volatile last;

__attribute__((noinline)) void *reserve(size_t size)
{
    void *memory = malloc(size);
    if (!memory)
        exit(1);
    memset(memory, 1, size);
    last = memory;
    return memory;
}

__attribute__((noinline)) double read_values(int station)
{
    volatile double *values = malloc(4 * sizeof(*values));
    if (!values)
        exit(1);
    for (int i = 0; i <= 4; i++) /* should be i < 4 */
        values[i] = station + i;
    last = (void *)values;
    return values[0] + values[1] + values[2] + values[3];
}

__attribute__((noinline)) int load_map(void)
{
    return ((char *)reserve(1024))[0];
}

__attribute__((noinline)) int make_label(int station)
{
    return snprintf(reserve(96), 96, "station %d", station);
}

__attribute__((noinline)) double add_station(int station)
{
    return load_map() + make_label(station) + read_values(station);
}

__attribute__((noinline)) double run(int stations)
{
    double sum = 0;
    for (int i = 0; i < stations; i++)
        sum += add_station(i);
    return sum;
}

/* Overwrites what the calls before left on the stack. */
__attribute__((noinline)) void wipe_stack(void)
{
    volatile char dirt[4096];
    for (size_t i = 0; i < sizeof(dirt); i++)
        dirt[i] = 0;
    last = NULL;
}

int main(void)
{
    double sum = run(8);
    wipe_stack();
    printf("8 stations, sum %.0f\n", sum);
    return 0;
}
