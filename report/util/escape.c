/* SPDX-License-Identifier: MIT */
#include "util/escape.h"

#include "util/xalloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static size_t escape_decode(const unsigned char *bytes, size_t length, uint32_t *code)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = bytes[0];
    size_t count = lead < 0x80             ? 1
                   : (lead & 0xe0) == 0xc0 ? 2
                   : (lead & 0xf0) == 0xe0 ? 3
                   : (lead & 0xf8) == 0xf0 ? 4
                                           : 0;
    if (count == 0 || count > length)
        return 0;
    uint32_t value = count == 1 ? lead : lead & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3fu);
    }
    if (value < lowest[count] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *code = value;
    return count;
}

size_t escape_utf8_length(const char *bytes, size_t length)
{
    uint32_t code;
    return escape_decode((const unsigned char *)bytes, length, &code);
}

static bool escape_harmless(uint32_t code)
{
    return code >= 0x20 && code != 0x7f && !(code >= 0x80 && code <= 0x9f) && code != 0x61c &&
           !(code >= 0x200b && code <= 0x200f) && !(code >= 0x2028 && code <= 0x202e) &&
           !(code >= 0x2060 && code <= 0x206f) && code != 0xfeff &&
           !(code >= 0xe0000 && code <= 0xe007f);
}

static bool escape_special(unsigned char byte)
{
    return byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\';
}

/* Sixteen bytes at a time without a branch, which compilers turn into vector instructions. */
size_t escape_plain(const char *bytes, size_t length)
{
    const unsigned char *next = (const unsigned char *)bytes;
    size_t at = 0;
    for (; at + 16 <= length; at += 16) {
        unsigned char special = 0;
        for (size_t i = 0; i < 16; i++) {
            unsigned char byte = next[at + i];
            special |=
                (unsigned char)((byte < 0x20) | (byte >= 0x7f) | (byte == '"') | (byte == '\\'));
        }
        if (special)
            break;
    }
    while (at < length && !escape_special(next[at]))
        at++;
    return at;
}

char *escape_text(const char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    size_t plain = escape_plain(bytes, length);
    if (plain == length)
        return xalloc_text(bytes, length);
    const unsigned char *next = (const unsigned char *)bytes + plain;
    char *result = xalloc_resize(NULL, length + 1, 4);
    memcpy(result, bytes, plain);
    char *out = result + plain;
    length -= plain;
    while (length != 0) {
        uint32_t code = 0;
        size_t count = escape_decode(next, length, &code);
        if (count != 0 && escape_harmless(code)) {
            memcpy(out, next, count);
            out += count;
        } else {
            count = count != 0 ? count : 1;
            for (size_t i = 0; i < count; i++) {
                *out++ = '\\';
                *out++ = 'x';
                *out++ = digits[next[i] >> 4];
                *out++ = digits[next[i] & 15];
            }
        }
        next += count;
        length -= count;
    }
    *out = '\0';
    return result;
}

size_t escape_columns(const char *text)
{
    size_t columns = 0;
    for (; *text != '\0'; text++)
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}
