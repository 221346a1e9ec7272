/* SPDX-License-Identifier: MIT
 *
 * Things the user must be told once: a protection that was lost, data that is missing. Any layer
 * may say one; it goes to the log at once and into the trace at the end.
 */
#ifndef BASE_NOTICE_H
#define BASE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#define NOTICE_MAX 32

struct notice {
    uint32_t severity; /* enum mmt_severity */
    const char *text;
};

/* `text` is a constant, and is what makes the notice the same: it is said the first time only.
 * Signal-safe, lock-free. */
void notice_once(uint32_t severity, const char *text);

/* All said so far, at most `size`. Returns how many. */
uint32_t notice_list(struct notice *notices, uint32_t size);

#endif
