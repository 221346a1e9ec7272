/* SPDX-License-Identifier: MIT
 *
 * Numbers in LEB128, as DWARF writes them (DWARF 5, section 7.6).
 */
#ifndef LEB_H
#define LEB_H

#include <stddef.h>
#include <stdint.h>

/* Reads an unsigned number; of more than 64 bits the lower ones. Returns what follows, or NULL if it does not end before `end` or has more
 * than ten bytes. */
static inline const unsigned char *leb_unsigned(const unsigned char *at, const unsigned char *end,
                                                uint64_t *number)
{
    if (at < end && *at < 0x80) {
        *number = *at;
        return at + 1;
    }
    *number = 0;
    for (unsigned shift = 0; at < end && shift < 70; shift += 7) {
        unsigned char byte = *at++;
        *number |= shift < 64 ? (uint64_t)(byte & 0x7f) << shift : 0;
        if (byte < 0x80) {
            return at;
        }
    }
    return NULL;
}

/* The same for a signed one. */
static inline const unsigned char *leb_signed(const unsigned char *at, const unsigned char *end,
                                              int64_t *number)
{
    uint64_t bits;
    const unsigned char *next = leb_unsigned(at, end, &bits);
    if (next != NULL && (next[-1] & 0x40) != 0 && next - at < 10) {
        bits |= ~UINT64_C(0) << 7 * (next - at);
    }
    *number = (int64_t)bits;
    return next;
}

#endif
