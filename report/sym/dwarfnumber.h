/* SPDX-License-Identifier: MIT
 *
 * Numbers as DWARF writes them: of a fixed size, and in LEB128 (DWARF 5, section 7.6).
 */
#ifndef DWARFNUMBER_H
#define DWARFNUMBER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A number of `size` bytes, 8 at most, all of which must be there. */
static inline uint64_t dwarfnumber_fixed(const unsigned char *at, size_t size)
{
    uint64_t number = 0;
    memcpy(&number, at, size); /* little-endian, as the machine is */
    return number;
}

/* Reads an unsigned number in LEB128; of more than 64 bits the lower ones. Returns what follows, or
 * NULL if it does not end before `end` or has more than ten bytes. */
static inline const unsigned char *dwarfnumber_unsigned(const unsigned char *at,
                                                        const unsigned char *end, uint64_t *number)
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
static inline const unsigned char *dwarfnumber_signed(const unsigned char *at,
                                                      const unsigned char *end, int64_t *number)
{
    uint64_t bits;
    const unsigned char *next = dwarfnumber_unsigned(at, end, &bits);
    if (next != NULL && (next[-1] & 0x40) != 0 && next - at < 10) {
        bits |= ~UINT64_C(0) << 7 * (next - at);
    }
    *number = (int64_t)bits;
    return next;
}

#endif
