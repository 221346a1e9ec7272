/* SPDX-License-Identifier: MIT
 *
 * Which functions take back what which functions gave.
 */
#ifndef DIAG_FAMILY_H
#define DIAG_FAMILY_H

#include <stdint.h>

enum family { FAMILY_NONE, FAMILY_MALLOC, FAMILY_NEW, FAMILY_NEW_ARRAY };

/* `function` is an enum mmt_function. */
static inline enum family family_of(uint8_t function)
{
    switch (function) {
#define MM_FUNCTION(enumerator, value, name, family)                                               \
    case value:                                                                                    \
        return FAMILY_##family;
#include "mmfunctions.def"
#undef MM_FUNCTION
    }
    return FAMILY_NONE;
}

#endif
