/* SPDX-License-Identifier: MIT
 *
 * Invariants of libguard's own tables. VARIANT=debug checks them and ends the process with the
 * condition, its file and its line where one does not hold; in other builds they cost nothing and
 * are not evaluated.
 */
#ifndef BASE_GUARD_ASSERT_H
#define BASE_GUARD_ASSERT_H

#ifdef GUARD_DEBUG
#include "base/fatal.h"

#define GUARD_ASSERT_TEXT(value)  #value
#define GUARD_ASSERT_WORDS(value) GUARD_ASSERT_TEXT(value)
#define GUARD_ASSERT(condition)                                                                    \
    ((condition) ? (void)0                                                                         \
                 : fatal("an invariant does not hold: " #condition " (" __FILE__                   \
                         ":" GUARD_ASSERT_WORDS(__LINE__) ")"))
#else
#define GUARD_ASSERT(condition) ((void)sizeof(!(condition)))
#endif

#endif
