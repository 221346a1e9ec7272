/* SPDX-License-Identifier: MIT
 *
 * Why something could not be done: one line of text, without the program's name and without a
 * newline. The first cause is kept; what fails later because of it adds nothing.
 */
#ifndef UTIL_FAILURE_H
#define UTIL_FAILURE_H

#include <stdbool.h>

struct failure {
    char *text; /* NULL: nothing failed */
};

/* Sets the text unless one is set. Always returns false, so that a function can `return
 * failure_set(...)`. */
bool failure_set(struct failure *failure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void failure_free(struct failure *failure);

/* Prints `mmreport: TEXT` on standard error, with everything a terminal might act on escaped. */
void failure_print(const struct failure *failure);

/* The same for a message that is not the reason of a failure. */
void failure_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
