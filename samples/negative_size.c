/* SPDX-License-Identifier: MIT
 *
 * Bug: the length of a header is taken from a packet without asking whether it is longer than the packet.
 * mmguard: a heap buffer overflow (read) by memcpy in body_of, of a 64-byte block that main allocated, with a size that is a
 * negative number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*volatile copy)(void *, const void *, size_t) = memcpy;

__attribute__((noinline)) void body_of(const unsigned char *packet, int length, unsigned char *body)
{
    int header = packet[0];
    copy(body, packet + header, (size_t)(length - header)); /* header may be more than length */
}

int main(void)
{
    static unsigned char body[4096];
    unsigned char *packet = calloc(1, 64);
    if (!packet)
        return 1;
    packet[0] = 40;
    body_of(packet, 32, body);
    printf("%d\n", body[0]);
    free(packet);
    return 0;
}
