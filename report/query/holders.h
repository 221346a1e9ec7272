/* SPDX-License-Identifier: MIT */
#ifndef QUERY_HOLDERS_H
#define QUERY_HOLDERS_H

#include "model/profile.h"

/* Once it is known what is suppressed, it does not matter any more which definite leak holds an
 * indirect one: joins leaks that differ in nothing else. */
void holders_forget(struct profile *profile);

#endif
