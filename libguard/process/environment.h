/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_ENVIRONMENT_H
#define PROCESS_ENVIRONMENT_H

/* Says what of the program cannot be guarded. Once, when all libraries are loaded. */
void environment_check(void);

#endif
