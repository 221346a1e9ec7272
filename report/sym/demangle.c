/* SPDX-License-Identifier: MIT */
#include "sym/demangle.h"

#include "util/xalloc.h"

#include <libiberty/demangle.h>
#include <stdlib.h>
#include <string.h>

/* libiberty gives up names of more than 1024 bytes, for fear of its stack, and template libraries
 * have longer ones. How deep it goes is bounded by the length: these take a small part of a usual
 * stack. */
#define DEMANGLE_LONGEST 8192

char *demangle_name(const char *name)
{
    const int options = DMGL_PARAMS | DMGL_ANSI;
    const char *version = strchr(name, '@');
    char *plain = xalloc_text(name, version != NULL && version != name ? (size_t)(version - name)
                                                                       : strlen(name));
    char *result = NULL;
    /* Nothing else is mangled; asking for every C name would misread some of them. */
    if (strncmp(plain, "_Z", 2) == 0 || strncmp(plain, "__Z", 3) == 0 ||
        strncmp(plain, "_R", 2) == 0 || strncmp(plain, "_GLOBAL_", 8) == 0)
        result = cplus_demangle(plain, options | DMGL_AUTO);
    else if (strncmp(plain, "_D", 2) == 0)
        result = cplus_demangle(plain, options | DMGL_DLANG);
    if (result == NULL && strncmp(plain, "_Z", 2) == 0 && strlen(plain) <= DEMANGLE_LONGEST)
        result = cplus_demangle(plain, options | DMGL_GNU_V3 | DMGL_NO_RECURSE_LIMIT);
    if (result == NULL)
        return plain;
    free(plain);
    return result;
}
