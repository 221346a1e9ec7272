/* SPDX-License-Identifier: MIT */
#include "render/exporting.h"

#include "render/export_parts.h"
#include "render/json_gate.h"
#include "util/wholefile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct export_format exporting_formats[EXPORTING_FORMATS] = {
#define EXPORT_FORMAT(symbol, name, writer, spread, standard, help) {name, standard, help},
#include "render/exports.def"
#undef EXPORT_FORMAT
};

const char *const exporting_names[] = {
#define EXPORT_FORMAT(symbol, name, writer, spread, standard, help) name,
#include "render/exports.def"
#undef EXPORT_FORMAT
    NULL};

enum export_spread { EXPORT_WHOLE, EXPORT_PER_PROCESS };

static const struct {
    void (*write)(FILE *, const struct exporting *);
    enum export_spread spread;
} exporting_writers[] = {
#define EXPORT_FORMAT(symbol, name, writer, spread, standard, help) {writer, spread},
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
    if (root == NULL) {
        return xalloc_format("%s", given != NULL ? given : "");
    }
    for (char *at = root; given == NULL && at != NULL;) {
        char *git = xalloc_format("%s/.git", root);
        bool found = access(git, F_OK) == 0;
        free(git);
        if (found) {
            return root;
        }
        at = strrchr(root, '/');
        if (at != NULL) {
            *at = '\0';
        }
    }
    if (given == NULL) {
        free(root);
        root = realpath(".", NULL);
    }
    return root != NULL ? root : xalloc_format("%s", "");
}

void export_json(FILE *out, const struct exporting *exporting)
{
    json_issues(out, exporting->profile, exporting->issues);
}

static bool exporting_one(const struct exporting *exporting, enum exporting_format format,
                          const char *path, struct failure *failure)
{
    struct wholefile file;
    if (!wholefile_open(&file, path, failure)) {
        return false;
    }
    exporting_writers[format].write(file.out, exporting);
    return wholefile_close(&file, failure);
}

bool exporting_check(enum exporting_format format, const char *path, struct failure *failure)
{
    const char *mark = strstr(path, "%p");
    if (exporting_writers[format].spread == EXPORT_WHOLE || mark == NULL) {
        return wholefile_check(path, failure);
    }
    char *name = xalloc_format("%.*s0%s", (int)(mark - path), path, mark + 2);
    bool good = wholefile_check(name, failure);
    free(name);
    return good;
}

bool exporting_write(struct exporting *exporting, enum exporting_format format, const char *path,
                     struct failure *failure)
{
    const char *mark = path != NULL ? strstr(path, "%p") : NULL;
    exporting->process = EXPORTING_ALL;
    if (exporting_writers[format].spread == EXPORT_WHOLE || mark == NULL) {
        return exporting_one(exporting, format, path, failure);
    }
    bool good = true;
    for (uint32_t i = 0; good && i < exporting->profile->processes.count; i++) {
        char *name = xalloc_format("%.*s%u%s", (int)(mark - path), path,
                                   exporting->profile->processes.items[i].pid, mark + 2);
        exporting->process = i;
        good = exporting_one(exporting, format, name, failure);
        free(name);
    }
    exporting->process = EXPORTING_ALL;
    return good;
}
