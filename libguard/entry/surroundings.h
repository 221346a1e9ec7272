/* SPDX-License-Identifier: MIT */
#ifndef ENTRY_SURROUNDINGS_H
#define ENTRY_SURROUNDINGS_H

/* Says what of the program cannot be guarded. Once, when all libraries are loaded. */
void surroundings_check(void);

#endif
