/* SPDX-License-Identifier: MIT */
#include "process/lsan_hooks.h"

#include <stddef.h>

/* Defined by programs, found by the dynamic linker in what they export. */
extern int __lsan_is_turned_off(void) __attribute__((weak));
extern const char *__lsan_default_suppressions(void) __attribute__((weak));

bool lsan_hooks_turned_off(void)
{
    return __lsan_is_turned_off && __lsan_is_turned_off();
}

const char *lsan_hooks_suppressions(void)
{
    const char *text = __lsan_default_suppressions ? __lsan_default_suppressions() : NULL;
    return text ? text : "";
}
