/* SPDX-License-Identifier: MIT */
#ifndef LOAD_ARRANGE_H
#define LOAD_ARRANGE_H

#include "model/profile.h"

/* Sorts the processes from index `first` on by start, number and contents, with their findings,
 * leaks, sites and notes: what is shown must not depend on the order in which files were named. */
void arrange_processes(struct profile *profile, uint32_t first);

#endif
