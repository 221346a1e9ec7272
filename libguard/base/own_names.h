/* SPDX-License-Identifier: MIT
 *
 * Included by the compiler before everything else in each file of libguard, except those that
 * define the checked library functions (calls/). Compilers turn structure copies and initializers
 * into calls of these names, which in libguard.so are the checked functions for the program: the
 * assembler makes them calls of our own ones.
 */
#ifndef BASE_OWN_NAMES_H
#define BASE_OWN_NAMES_H

__asm__("memcpy = own_memcpy\n"
        "memmove = own_memmove\n"
        "memset = own_memset\n"
        "memcmp = own_memcmp\n");

#endif
