/* SPDX-License-Identifier: MIT
 *
 * GitLab's Code Quality report.
 */
#include "render/export_parts.h"
#include "render/json_values.h"

#include <inttypes.h>
#include <string.h>

static json_t *gitlab_entry(const char *description, const char *check, const char *fingerprint,
                            const char *severity, const char *path, uint32_t line)
{
    json_t *entry = json_object(), *location = json_object(), *lines = json_object();
    json_put_text(entry, "type", "issue");
    json_put_text(entry, "description", description);
    json_put_text(entry, "check_name", check);
    json_put_text(entry, "fingerprint", fingerprint);
    json_put_text(entry, "severity", severity);
    json_put_number(lines, "begin", line);
    json_put_text(location, "path", path);
    json_put(location, "lines", lines);
    json_put(entry, "location", location);
    return entry;
}

void export_gitlab(FILE *out, const struct exporting *exporting)
{
    json_t *array = json_array();
    for (size_t i = 0; i < exporting->issues->items.count; i++) {
        const struct issue *issue = &exporting->issues->items.items[i];
        const char *level = export_level(issue);
        struct textbuf text = {0};
        char fingerprint[20];
        uint32_t line;
        const char *place = export_place(exporting, issue, &line);
        const char *severity = strcmp(level, "error") != 0
                                   ? strcmp(level, "warning") == 0 ? "minor" : "info"
                               : issue->leak ? "major"
                                             : "critical";
        snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, issue->hash);
        export_put_title(&text, issue);
        textbuf_put(&text, ": ");
        textbuf_put(&text, issue->path);
        json_array_append_new(array, gitlab_entry(textbuf_text(&text), issue->kind, fingerprint,
                                                  severity, place, line));
        textbuf_free(&text);
    }
    if (exporting->doubts[0] != '\0') {
        char *text = xalloc_format("incomplete: %.*s", (int)strcspn(exporting->doubts, "\n"),
                                   exporting->doubts);
        json_array_append_new(
            array, gitlab_entry(text, "incomplete", "incomplete", "blocker", "unknown", 1));
        free(text);
    }
    json_finish(out, array);
}
