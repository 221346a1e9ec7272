/* SPDX-License-Identifier: MIT
 *
 * The options, from include/mmoptions.def. Set once from MMGUARD_OPTIONS before the program starts,
 * then read-only.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

struct options {
#define FIELD_BOOL(name)                                   int64_t name;
#define FIELD_INT(name)                                    int64_t name;
#define FIELD_ENUM(name)                                   int64_t name;
#define FIELD_CHOICE(name)                                 int64_t name;
#define FIELD_SIZE(name)                                   int64_t name;
#define FIELD_SET(name)                                    int64_t name;
#define FIELD_PATH(name)                                   const char *name;
#define MM_OPTION(name, type, default_value, values, help) FIELD_##type(name)
#include "mmoptions.def"
#undef MM_OPTION
#undef FIELD_BOOL
#undef FIELD_INT
#undef FIELD_ENUM
#undef FIELD_CHOICE
#undef FIELD_SIZE
#undef FIELD_SET
#undef FIELD_PATH
};

/* Indexes of the words of ENUM options. */
enum { BACKEND_AUTO, BACKEND_MOVE, BACKEND_GUARD, BACKEND_MPROTECT };
enum { FILL_NONE, FILL_FREED, FILL_ALL };
enum { ON_ERROR_CONTINUE, ON_ERROR_ABORT, ON_ERROR_STOP, ON_ERROR_TRAP };
enum { LEAK_KINDS_DEFINITE, LEAK_KINDS_POSSIBLE, LEAK_KINDS_REACHABLE };
enum { LEAK_POINTERS_ALIGNED, LEAK_POINTERS_UNALIGNED, LEAK_POINTERS_TAGGED };
enum { REPORT_ALL, REPORT_ERRORS, REPORT_NONE };
enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Sets every option from its default, then from `text` (key=value:key=value; NULL for none). 0, or
 * -EINVAL with the reason in `message`. */
int options_parse(struct options *options, const char *text, char *message, size_t size);

#endif
