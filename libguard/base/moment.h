/* SPDX-License-Identifier: MIT */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include <stdint.h>

/* Looks for the kernel's function that tells the time without a system call. Once, before there are
 * threads. */
void moment_start(void);

/* CLOCK_REALTIME in nanoseconds at the kernel's last tick, some milliseconds ago at most; 0 if it
 * could only be had by a system call. A few nanoseconds. Any context. */
uint64_t moment_now(void);

#endif
