/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_CHILDREN_H
#define PROCESS_CHILDREN_H

#include <stdbool.h>

/* Whether a program called `name` is followed, by option `follow`: names with ',' between them, of
 * which '*' stands for any characters; a '!' in front: all but these; "": all. */
bool children_wants(const char *list, const char *name);

#endif
