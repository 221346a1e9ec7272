/* SPDX-License-Identifier: MIT */
#ifndef EDITDISTANCE_H
#define EDITDISTANCE_H

#include <limits.h>

/* A word that is near nothing: one of the two is longer than any name. */
#define EDITDISTANCE_FAR UINT_MAX

/* The number of edits that turn one word into the other; swapping two neighbours is one. */
unsigned editdistance(const char *from, const char *to);

#endif
