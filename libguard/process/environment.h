/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_ENVIRONMENT_H
#define PROCESS_ENVIRONMENT_H

#include <stdbool.h>

/* Says what of the program cannot be guarded. Once, when all libraries are loaded. */
void environment_check(void);

/* Whether a program that gets this environment is preloaded into, as far as the variable goes: its
 * value may name other libraries only. */
bool environment_preloads(char *const *environment);

#endif
