/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <gnu/libc-version.h>

#include "base/fatal.h"
#include "guard/guard.h"
#include "stack/loaded_symbol.h"

extern struct guard_name __start_guard_names[] __attribute__((visibility("hidden"))),
    __stop_guard_names[] __attribute__((visibility("hidden")));

/* The names for C23 are of glibc 2.38. They are not asked for in vain: a dlsym() that fails
 * allocates a message. */
static bool is_missing(const char *name)
{
    static const char c23[] = "__isoc23_";
    const char *version = gnu_get_libc_version();
    bool old =
        version[0] == '2' && version[1] == '.' &&
        (version[3] < '0' || version[3] > '9' || (version[2] - '0') * 10 + version[3] - '0' < 38);
    return old && !__builtin_strncmp(name, c23, sizeof(c23) - 1);
}

void guard_find_next(void)
{
    for (struct guard_name *name = __start_guard_names; name < __stop_guard_names; name++)
        if (!is_missing(name->name))
            *name->next = dlsym(RTLD_NEXT, name->name);
}

void *guard_next(const char *name)
{
    void *function = loaded_relocated() ? dlsym(RTLD_NEXT, name) : loaded_symbol_early(name);
    if (!function)
        fatal_about("libc has no ", name);
    return function;
}
