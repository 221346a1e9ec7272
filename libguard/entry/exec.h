/* SPDX-License-Identifier: MIT */
#ifndef ENTRY_EXEC_H
#define ENTRY_EXEC_H

/* Once, at the start. */
void exec_init(void);

#endif
