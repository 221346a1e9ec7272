/* SPDX-License-Identifier: MIT
 *
 * Places: what call sites are where only the innermost frames count. A recursive program, a
 * compiler or an interpreter, comes to the same line by a million stacks, and each of them would be
 * a site of its own. The place of a stack is its three innermost frames that are not in the C or
 * C++ library or in libguard.
 *
 * Signal-safe, lock-free.
 */
#ifndef STACK_PLACE_H
#define STACK_PLACE_H

#include <stdint.h>

/* A number for the place of stack `stack`, not 0: the same for all stacks of a place; two places
 * have the same by chance, once in four billion. A stack wholly in those libraries, or that the
 * depot does not have, is a place of its own. */
uint32_t place_of(uint32_t stack);

#endif
