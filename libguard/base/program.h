/* SPDX-License-Identifier: MIT
 *
 * What the kernel told the program at its start: arguments, environment, auxiliary vector, found on
 * the initial stack, so that they can be read before libc is initialised. Read-only; the pointers
 * stay valid for the process's life.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

/* Finds the initial stack. Every other function may be called after this one only. */
void program_init(void);

/* The arguments as they were at the start, each with its terminating zero byte; those beyond 16 KiB
 * are missing. */
const char *program_arguments(size_t *length);
/* From here on there is only the first of them, the program's name. */
void program_forget_arguments(void);
const char *const *program_environment(void);
/* The value of a variable of the initial environment, or NULL. */
const char *program_variable(const char *name);
/* An entry of the auxiliary vector (AT_SECURE, AT_EXECFN, ...), or 0. */
uintptr_t program_auxiliary(uintptr_t type);
/* Absolute path of the executable; "" if it cannot be found out. */
const char *program_path(void);
/* Its last component; the first argument's if the path is not known. Safe as part of a file name:
 * no '/'. */
const char *program_name(void);
/* Working directory at the start; "" if it cannot be found out. */
const char *program_directory(void);

#endif
