/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_LIMITS_H
#define PROCESS_LIMITS_H

/* Around an exec by the calling process, which may be a vfork child: the new program gets the
 * limits of memory that this one asked for, and this one has its wider ones back if the exec fails.
 */
void limits_before_exec(void);
void limits_after_exec_failed(void);

#endif
