/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_EXEC_H
#define PROCESS_EXEC_H

/* Once, at the start. */
void exec_init(void);

#endif
