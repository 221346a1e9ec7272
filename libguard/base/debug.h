/* SPDX-License-Identifier: MIT
 *
 * What libguard does, for those who work on it: option debug. A line for each step, where reports
 * go, written by one system call.
 */
#ifndef BASE_DEBUG_H
#define BASE_DEBUG_H

#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"

/* The order of the option's words. */
enum debug_area { DEBUG_HEAP, DEBUG_SIGNALS, DEBUG_LEAK, DEBUG_PROCESS };

/* A bit for each area whose lines are wanted. Set at the start, then read-only. */
extern uint32_t debug_wanted;

/* The value of "at" is an address. */
struct debug_value {
    const char *name;
    uint64_t value;
};

/* Signal-safe, takes no lock, keeps errno. */
void debug_write(enum debug_area area, const char *step, const struct debug_value *values,
                 size_t count);

/* DEBUG_LINE(DEBUG_HEAP, "segment", {"at", address}, {"bytes", length}) */
#define DEBUG_LINE(area, step, ...)                                                                \
    do {                                                                                           \
        if (unlikely(debug_wanted >> (area)&1)) {                                                  \
            const struct debug_value debug_values_[] = {__VA_ARGS__};                              \
            debug_write(area, step, debug_values_, ARRAY_LENGTH(debug_values_));                   \
        }                                                                                          \
    } while (0)

#endif
