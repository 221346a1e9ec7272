/* SPDX-License-Identifier: MIT */
#ifndef LOAD_MARKS_H
#define LOAD_MARKS_H

#include "model/profile.h"

/* Takes out of the processes from `first` on those that are marks and say nothing: the process came
 * to its end after all, another trace tells of it, or it was to be left out. The others are
 * incomplete processes. */
void marks_settle(struct profile *profile, uint32_t first);

#endif
