/* SPDX-License-Identifier: MIT */
#ifndef ENTRY_FOLLOW_H
#define ENTRY_FOLLOW_H

#include <stdbool.h>

/* Whether a program called `name` is followed, by option `follow`: names with ',' between them, of which '*' stands for any characters; a '!' in
 * front: all but these; "": all. */
bool follow_wants(const char *list, const char *name);

#endif
