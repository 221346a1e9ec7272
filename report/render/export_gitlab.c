/* SPDX-License-Identifier: MIT
 *
 * GitLab's Code Quality report.
 */
#include "render/export_parts.h"
#include "render/jsonout.h"

#include <inttypes.h>
#include <string.h>

static void gitlab_entry(struct jsonout *json, const char *description, const char *check,
                         const char *fingerprint, const char *severity, const char *path,
                         uint32_t line)
{
    jsonout_open(json, '{');
    jsonout_put_text(json, "type", "issue");
    jsonout_put_text(json, "description", description);
    jsonout_put_text(json, "check_name", check);
    jsonout_put_text(json, "fingerprint", fingerprint);
    jsonout_put_text(json, "severity", severity);
    jsonout_open_member(json, "location", '{');
    jsonout_put_text(json, "path", path);
    jsonout_open_member(json, "lines", '{');
    jsonout_put_number(json, "begin", line);
    jsonout_close(json, '}');
    jsonout_close(json, '}');
    jsonout_close(json, '}');
}

void export_gitlab(FILE *out, const struct exporting *exporting)
{
    struct jsonout json;
    jsonout_init(&json, out, JSONOUT_INDENTED);
    jsonout_open(&json, '[');
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
        gitlab_entry(&json, textbuf_text(&text), issue->kind, fingerprint, severity, place, line);
        textbuf_free(&text);
    }
    if (exporting->doubts[0] != '\0') {
        char *text = xalloc_format("incomplete: %.*s", (int)strcspn(exporting->doubts, "\n"),
                                   exporting->doubts);
        gitlab_entry(&json, text, "incomplete", "incomplete", "blocker", "unknown", 1);
        free(text);
    }
    jsonout_close(&json, ']');
    jsonout_finish(&json);
}
