/* SPDX-License-Identifier: MIT */
#ifndef SYM_DEMANGLE_H
#define SYM_DEMANGLE_H

/* Returns the name as its source has it (C++, Rust, D; anything else unchanged), without an
 * `@VERSION` at its end. To be released with free(). */
char *demangle_name(const char *name);

#endif
