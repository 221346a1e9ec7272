/* SPDX-License-Identifier: MIT */
#include "model/catalog.h"

#include "mmtrace.h"

#include <stddef.h>

static const struct catalog_error catalog_errors[] = {
#define MM_ERROR(enumerator, value, slug, title, cwe, severity, meaning)                           \
    {value, slug, title, cwe, severity, meaning},
#include "mmerrors.def"
#undef MM_ERROR
    {MMT_ERROR_NONE, "unknown-error", "error of a kind this mmreport does not know", 0, "error",
     "the trace was written by a newer version"},
};

const struct catalog_error *catalog_error(uint32_t kind)
{
    const struct catalog_error *entry = catalog_errors;
    while (entry->kind != kind && entry->kind != MMT_ERROR_NONE)
        entry++;
    return entry;
}

const char *catalog_function(uint32_t function)
{
    switch (function) {
#define MM_FUNCTION(enumerator, value, name, family)                                               \
    case value:                                                                                    \
        return name;
#include "mmfunctions.def"
#undef MM_FUNCTION
    default:
        return "an unknown function";
    }
}

const char *catalog_leak_kind(uint32_t kind)
{
    static const char *const names[MMT_LEAK_KINDS] = {"definite", "indirect", "possible",
                                                      "reachable"};
    return names[kind];
}

const char *catalog_severity(uint32_t severity)
{
    return severity == MMT_NOTE_INFO       ? "info"
           : severity == MMT_NOTE_DEGRADED ? "degraded"
                                           : "incomplete";
}
