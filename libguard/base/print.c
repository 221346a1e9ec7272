/* SPDX-License-Identifier: MIT */
#include "base/print.h"

#include "base/bits.h"
#include "base/sys.h"

void print_to_buffer(struct print *p, char *buffer, size_t size)
{
    *p = (struct print){.buffer = buffer, .size = size, .fd = -1};
}

void print_to_fd(struct print *p, int fd, char *buffer, size_t size)
{
    *p = (struct print){.buffer = buffer, .size = size, .fd = fd};
}

static void print_flush(struct print *p)
{
    if (p->fd >= 0 && p->used)
        sys_write_all(p->fd, p->buffer, p->used);
    p->used = 0;
}

void print_char(struct print *p, char c)
{
    if (p->used + 1 >= p->size) {
        if (p->fd < 0)
            return;
        print_flush(p);
    }
    p->buffer[p->used++] = c;
}

void print_bytes(struct print *p, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        print_char(p, text[i]);
}

void print_text(struct print *p, const char *text)
{
    print_bytes(p, text, text_length(text));
}

void print_unsigned(struct print *p, uint64_t value)
{
    char digits[20];
    int n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    while (n)
        print_char(p, digits[--n]);
}

void print_signed(struct print *p, int64_t value)
{
    if (value < 0)
        print_char(p, '-');
    print_unsigned(p, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

static void print_nibbles(struct print *p, uint64_t value, int count)
{
    while (count--)
        print_char(p, "0123456789abcdef"[value >> (4 * count) & 15]);
}

void print_hex(struct print *p, uint64_t value)
{
    print_text(p, "0x");
    print_nibbles(p, value, value ? (int)log2_floor(value) / 4 + 1 : 1);
}

void print_foreign(struct print *p, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0)) {
            print_text(p, "\\x");
            print_nibbles(p, c, 2);
        } else {
            print_char(p, text[i]);
        }
    }
}

void print_end(struct print *p)
{
    if (p->fd >= 0)
        print_flush(p);
    else if (p->size)
        p->buffer[p->used] = 0;
}
