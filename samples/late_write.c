/* SPDX-License-Identifier: MIT
 *
 * Bug: a serial number of 13 digits is kept in 13 bytes, and its terminating zero byte is written behind them.
 * mmguard: slack damage, found when the block is freed: one byte right after a 13-byte block that keep_serial allocated.
 */
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) char *keep_serial(unsigned long number)
{
    volatile char *digits = malloc(13); /* should be 14 */
    if (!digits)
        exit(1);
    for (int i = 12; i >= 0; i--, number /= 10)
        digits[i] = (char)('0' + number % 10);
    digits[13] = 0;
    return (char *)digits;
}

int main(void)
{
    char *serial = keep_serial(4006381333931);
    printf("%.13s\n", serial);
    free(serial);
    return 0;
}
