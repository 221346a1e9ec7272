/* SPDX-License-Identifier: MIT */
#ifndef ALLOC_OPERATORS_H
#define ALLOC_OPERATORS_H

/* Finds out which operators the program replaces. Once, when the linker is done. */
void operators_init(void);

#endif
