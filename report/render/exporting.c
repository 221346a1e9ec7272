/* SPDX-License-Identifier: MIT */
#include "render/exporting.h"

#include "render/export_parts.h"
#include "util/wholefile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct export_format exporting_formats[EXPORTING_FORMATS] = {
#define EXPORT_FORMAT(symbol, name, extension, writer, spread, parts, standard, help)              \
    {name, standard, help},
#include "render/exports.def"
#undef EXPORT_FORMAT
};

const char *const exporting_names[] = {
#define EXPORT_FORMAT(symbol, name, extension, writer, spread, parts, standard, help) name,
#include "render/exports.def"
#undef EXPORT_FORMAT
    NULL};

enum export_spread { EXPORT_WHOLE, EXPORT_PER_PROCESS };

static const struct {
    view_writer *write;
    enum export_spread spread;
    unsigned parts;
} exporting_writers[] = {
#define EXPORT_FORMAT(symbol, name, extension, writer, spread, parts, standard, help)              \
    {writer, spread, parts},
#include "render/exports.def"
#undef EXPORT_FORMAT
};

char *exporting_root(const char *given)
{
    static const char *const variables[] = {"GITHUB_WORKSPACE", "CI_PROJECT_DIR"};
    for (size_t i = 0; given == NULL && i < 2; i++) {
        const char *value = getenv(variables[i]);
        given = value != NULL && value[0] == '/' ? value : NULL;
    }
    char *root = realpath(given != NULL ? given : ".", NULL);
    if (root == NULL)
        return xalloc_format("%s", given != NULL ? given : "");
    for (char *at = root; given == NULL && at != NULL;) {
        char *git = xalloc_format("%s/.git", root);
        bool found = access(git, F_OK) == 0;
        free(git);
        if (found)
            return root;
        at = strrchr(root, '/');
        if (at != NULL)
            *at = '\0';
    }
    if (given == NULL) {
        free(root);
        root = realpath(".", NULL);
    }
    return root != NULL ? root : xalloc_format("%s", "");
}

static bool exporting_one(struct view *view, enum exporting_format format, const char *path,
                          struct failure *failure)
{
    struct wholefile file;
    if (!wholefile_open(&file, path, failure))
        return false;
    view->style.out = file.out;
    exporting_writers[format].write(view);
    return wholefile_close(&file, failure);
}

bool exporting_check(enum exporting_format format, const char *path, struct failure *failure)
{
    const char *mark = strstr(path, "%p");
    if (exporting_writers[format].spread == EXPORT_WHOLE || mark == NULL)
        return wholefile_check(path, failure);
    char *name = xalloc_format("%.*s0%s", (int)(mark - path), path, mark + 2);
    bool good = wholefile_check(name, failure);
    free(name);
    return good;
}

/* The same for each process. */
static bool exporting_each(struct view *view, enum exporting_format format, const char *path,
                           struct failure *failure)
{
    const char *mark = strstr(path, "%p");
    bool good = true;
    for (uint32_t i = 0; good && i < view->profile->processes.count; i++) {
        char *name = xalloc_format("%.*s%u%s", (int)(mark - path), path,
                                   view->profile->processes.items[i].pid, mark + 2);
        view->process = i;
        good = exporting_one(view, format, name, failure);
        free(name);
    }
    return good;
}

bool exporting_write(const struct view *view, enum exporting_format format, const char *path,
                     struct failure *failure)
{
    bool each = exporting_writers[format].spread == EXPORT_PER_PROCESS && path != NULL &&
                strstr(path, "%p") != NULL;
    struct view all = *view;
    struct view_parts room;
    all.process = TOTALS_ALL;
    view_complete(&all, exporting_writers[format].parts, &room);
    bool good = (each ? exporting_each : exporting_one)(&all, format, path, failure);
    view_release(&all, &room);
    return good;
}
