/* SPDX-License-Identifier: MIT */
#ifndef RENDER_VALGRIND_TEXT_H
#define RENDER_VALGRIND_TEXT_H

#include "model/profile.h"

#include <stdio.h>

/* Writes errors, and leaks of these kinds, as Valgrind prints them: "==12== Invalid write of size
 * 4". */
void valgrind_text(FILE *out, const struct profile *profile, unsigned kinds, bool summary);

#endif
