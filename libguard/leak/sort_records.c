/* SPDX-License-Identifier: MIT
 *
 * Heapsort (J. W. J. Williams, Communications of the ACM, June 1964): no recursion, no memory.
 */
#include "leak/sort_records.h"

#include <stdint.h>

static void sort_records_exchange(char *a, char *b, size_t size)
{
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
        uint64_t word;
        __builtin_memcpy(&word, a + i, sizeof(word));
        __builtin_memcpy(a + i, b + i, sizeof(word));
        __builtin_memcpy(b + i, &word, sizeof(word));
    }
}

static void sink(char *records, size_t at, size_t count, size_t size,
                 bool (*before)(const void *, const void *))
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && before(records + child * size, records + (child + 1) * size))
            child++;
        if (!before(records + at * size, records + child * size))
            return;
        sort_records_exchange(records + at * size, records + child * size, size);
    }
}

void sort_records(void *records, size_t count, size_t size,
                  bool (*before)(const void *a, const void *b))
{
    for (size_t i = count / 2; i-- > 0;)
        sink(records, i, count, size, before);
    for (size_t left = count; left > 1; left--) {
        sort_records_exchange(records, (char *)records + (left - 1) * size, size);
        sink(records, 0, left - 1, size, before);
    }
}
