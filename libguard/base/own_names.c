/* SPDX-License-Identifier: MIT
 *
 * What the compiler's calls of memcpy and its relatives become inside libguard. See own_names.h.
 */
#include "base/bits.h"

#include <immintrin.h>

/* Beyond this the processor's own string instructions win. */
#define SHORT 256

typedef uint64_t unaligned_word __attribute__((may_alias, aligned(1)));

#define HIDDEN __attribute__((visibility("hidden"), used))

HOT HIDDEN void *own_memset(void *to, int value, size_t length)
{
    char *at = to;
    uint64_t word = 0x0101010101010101u * (unsigned char)value;
    if (length > SHORT) {
        fill_bytes(to, value, length);
    } else if (length >= 16) {
        __m128i wide = _mm_set1_epi8((char)value);
        for (size_t i = 0; i + 16 < length; i += 16)
            _mm_storeu_si128((__m128i *)(at + i), wide);
        _mm_storeu_si128((__m128i *)(at + length - 16), wide);
    } else if (length >= 8) {
        *(unaligned_word *)at = word;
        *(unaligned_word *)(at + length - 8) = word;
    } else {
        for (size_t i = 0; i < length; i++)
            ((volatile char *)at)[i] = (char)value;
    }
    return to;
}

HIDDEN void *own_memcpy(void *restrict to, const void *restrict from, size_t length)
{
    char *target = to;
    const char *source = from;
    if (length > SHORT || length < 16) {
        copy_bytes(to, from, length);
        return to;
    }
    __m128i last = _mm_loadu_si128((const __m128i *)(source + length - 16));
    for (size_t i = 0; i + 16 < length; i += 16)
        _mm_storeu_si128((__m128i *)(target + i), _mm_loadu_si128((const __m128i *)(source + i)));
    _mm_storeu_si128((__m128i *)(target + length - 16), last);
    return to;
}

HIDDEN void *own_memmove(void *to, const void *from, size_t length)
{
    volatile char *target = to;
    const volatile char *source = from;
    if ((uintptr_t)to - (uintptr_t)from >= length)
        copy_bytes(to, from, length);
    else
        while (length--)
            target[length] = source[length];
    return to;
}

HIDDEN int own_memcmp(const void *left, const void *right, size_t length)
{
    const unsigned char *a = left, *b = right;
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i])
            return a[i] - b[i];
    return 0;
}
