/* SPDX-License-Identifier: MIT
 *
 * Bug: a small server forgets what it allocates, in several places.
 * mmguard: definite leaks of 12,400 bytes in 53 blocks, by call path:
 *
 *     main
 *       serve                                     12,160 bytes, 50 blocks
 *         handle_request                          11,200 bytes, 40 blocks
 *           parse_header -> copy_text              1,120 bytes, 20 blocks of 56
 *           load_body -> make_buffer              10,080 bytes, 20 blocks of 504
 *         log_request -> copy_text                   960 bytes, 10 blocks of 96
 *       read_config                                  240 bytes,  3 blocks
 *         parse_line -> copy_text                    120 bytes,  2 blocks of 60
 *         make_buffer                                120 bytes,  1 block
 *
 * The likely origin, the deepest path with 80 % or more of the bytes, is main, serve, handle_request, load_body,
 * make_buffer: 10,080 of 12,400 bytes, 81 %.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keeps the last pointer only, and wipes it before the end: nothing points to a leaked block. */
static void *volatile last;

__attribute__((noinline)) char *make_buffer(size_t size)
{
    char *buffer = malloc(size);
    if (!buffer)
        exit(1);
    memset(buffer, 0, size);
    last = buffer;
    return buffer;
}

__attribute__((noinline)) char *copy_text(const char *text, size_t size)
{
    char *copy = malloc(size);
    if (!copy)
        exit(1);
    snprintf(copy, size, "%s", text);
    last = copy;
    return copy;
}

__attribute__((noinline)) int parse_header(int number)
{
    return copy_text("Host: example.org", 56)[number % 4];
}

__attribute__((noinline)) int load_body(int number)
{
    return make_buffer(504)[number];
}

__attribute__((noinline)) int handle_request(int number)
{
    return parse_header(number) + load_body(number);
}

__attribute__((noinline)) int log_request(int number)
{
    return copy_text("GET /", 96)[number % 4];
}

__attribute__((noinline)) int serve(int requests)
{
    int sum = 0;
    for (int i = 0; i < requests; i++) {
        sum += handle_request(i);
        if (i % 2 == 0)
            sum += log_request(i);
    }
    return sum;
}

__attribute__((noinline)) int parse_line(const char *line)
{
    return copy_text(line, 60)[0];
}

__attribute__((noinline)) int read_config(void)
{
    return parse_line("port=80") + parse_line("root=/srv") + make_buffer(120)[0];
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
    int sum = read_config();
    sum += serve(20);
    wipe_stack();
    printf("done: %d\n", sum > 0);
    return 0;
}
