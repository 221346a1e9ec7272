/* SPDX-License-Identifier: MIT
 *
 * A bounded reader of unwind tables. A read that does not fit yields 0 and sets `failed`; nothing
 * is read after that, so a caller may check once after several reads.
 */
#ifndef STACK_CFI_BYTES_H
#define STACK_CFI_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cfi_bytes {
    const uint8_t *at, *end;
    bool failed;
};

static inline void cfi_skip(struct cfi_bytes *b, uint64_t length)
{
    if (b->failed || length > (size_t)(b->end - b->at))
        b->failed = true;
    else
        b->at += length;
}

/* Little-endian, 1..8 bytes. */
static inline uint64_t cfi_fixed(struct cfi_bytes *b, unsigned length)
{
    const uint8_t *bytes = b->at;
    uint64_t value = 0;
    cfi_skip(b, length);
    if (b->failed)
        return 0;
    for (unsigned i = 0; i < length; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static inline uint64_t cfi_leb(struct cfi_bytes *b, bool is_signed)
{
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = (uint8_t)cfi_fixed(b, 1);
        if (shift < 64)
            value |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    if (is_signed && shift < 64 && (byte & 0x40))
        value |= ~(uint64_t)0 << shift;
    return value;
}

static inline uint64_t cfi_uleb(struct cfi_bytes *b)
{
    return cfi_leb(b, false);
}

static inline int64_t cfi_sleb(struct cfi_bytes *b)
{
    return (int64_t)cfi_leb(b, true);
}

/* A pointer of encoding DW_EH_PE_`encoding`; `data_base` is what DW_EH_PE_datarel adds. */
static inline uintptr_t cfi_pointer(struct cfi_bytes *b, uint8_t encoding, uintptr_t data_base)
{
    uintptr_t place = (uintptr_t)b->at;
    uint64_t value = 0;
    switch (encoding & 0x0f) {
    case 0x00: /* absptr */
    case 0x04: /* udata8 */
    case 0x0c: /* sdata8 */
        value = cfi_fixed(b, 8);
        break;
    case 0x01:
        value = cfi_uleb(b);
        break;
    case 0x09:
        value = (uint64_t)cfi_sleb(b);
        break;
    case 0x02:
        value = cfi_fixed(b, 2);
        break;
    case 0x0a:
        value = (uint64_t)(int16_t)cfi_fixed(b, 2);
        break;
    case 0x03:
        value = cfi_fixed(b, 4);
        break;
    case 0x0b:
        value = (uint64_t)(int32_t)cfi_fixed(b, 4);
        break;
    default:
        b->failed = true;
    }
    switch (encoding & 0x70) {
    case 0x00:
        return value;
    case 0x10: /* pcrel */
        return place + value;
    case 0x30: /* datarel */
        return data_base + value;
    default:
        b->failed = true;
        return 0;
    }
}

#endif
