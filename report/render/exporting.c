/* SPDX-License-Identifier: MIT */
#include "render/exporting.h"

#include "render/export_parts.h"
#include "render/json_gate.h"
#include "util/wholefile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const exporting_names[] = {"sarif", "junit",    "github", "gitlab", "valgrind-xml",
                                       "tap",   "markdown", "folded", "json",   NULL};

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
                          uint32_t process, const char *path, struct failure *failure)
{
    static void (*const writers[])(FILE *, const struct exporting *) = {
        [EXPORTING_SARIF] = export_sarif,   [EXPORTING_JUNIT] = export_junit,
        [EXPORTING_GITHUB] = export_github, [EXPORTING_GITLAB] = export_gitlab,
        [EXPORTING_TAP] = export_tap,       [EXPORTING_MARKDOWN] = export_markdown,
        [EXPORTING_FOLDED] = export_folded, [EXPORTING_JSON] = export_json,
    };
    struct wholefile file;
    if (!wholefile_open(&file, path, failure)) {
        return false;
    }
    if (format == EXPORTING_VALGRIND_XML) {
        export_valgrind_xml(file.out, exporting, process);
    } else {
        writers[format](file.out, exporting);
    }
    return wholefile_close(&file, failure);
}

bool exporting_write(const struct exporting *exporting, enum exporting_format format,
                     const char *path, struct failure *failure)
{
    const char *mark = path != NULL ? strstr(path, "%p") : NULL;
    if (format != EXPORTING_VALGRIND_XML || mark == NULL) {
        return exporting_one(exporting, format, UINT32_MAX, path, failure);
    }
    for (uint32_t i = 0; i < exporting->profile->processes.count; i++) {
        char *name = xalloc_format("%.*s%u%s", (int)(mark - path), path,
                                   exporting->profile->processes.items[i].pid, mark + 2);
        bool good = exporting_one(exporting, format, i, name, failure);
        free(name);
        if (!good) {
            return false;
        }
    }
    return true;
}
