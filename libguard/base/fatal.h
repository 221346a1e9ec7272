/* SPDX-License-Identifier: MIT */
#ifndef BASE_FATAL_H
#define BASE_FATAL_H

/* Ends the process with status 2 and the constant text on standard error. Only where going on would
 * damage the program: a broken invariant of our own tables, or a request of the user that cannot be
 * met (fail closed). Signal-safe. */
_Noreturn void fatal(const char *text);
/* The same with the offending text, shown with control characters escaped, behind it. */
_Noreturn void fatal_about(const char *text, const char *what);

#endif
