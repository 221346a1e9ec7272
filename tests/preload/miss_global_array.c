// SPDX-License-Identifier: MIT
// Not seen: an overflow of a global array.
static struct {
    char array[16];
    char after[16];
} global;

int main(void)
{
    volatile char *array = global.array;
    array[16] = 1;
    return global.after[0] != 1;
}
