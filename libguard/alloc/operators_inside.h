/* SPDX-License-Identifier: MIT */
#ifndef ALLOC_OPERATORS_INSIDE_H
#define ALLOC_OPERATORS_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the module that holds the code at `pc` has operators new and delete of its own that
 * nobody else sees, as with -static-libstdc++. Its operators call malloc and free, so objects that
 * cross its border seem to be freed by the wrong function. Slow. */
bool operators_inside_module(uintptr_t pc);

#endif
