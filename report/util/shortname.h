/* SPDX-License-Identifier: MIT
 *
 * Names of C++ and Rust functions made short enough to read.
 */
#ifndef UTIL_SHORTNAME_H
#define UTIL_SHORTNAME_H

#include "util/textbuf.h"

#include <stdbool.h>

enum shortname_flags {
    SHORTNAME_SIGNATURE = 1, /* keep the types of parameters and of the result */
    SHORTNAME_UTF8 = 2, /* an ellipsis of one character */
};

/* Adds a demangled name with template arguments as "<...>", and without its parameters, their
 * qualifiers and the type of its result unless SHORTNAME_SIGNATURE is given: "void std::vector<int,
 * A<int> >::push_back(int const&)" is "std::vector<...>::push_back". What is not a name of that
 * form is added as it is. Nothing is escaped. */
void shortname_put(struct textbuf *buffer, const char *name, unsigned flags);

#endif
