/* SPDX-License-Identifier: MIT
 *
 * GitLab's Code Quality report.
 */
#include "render/export_parts.h"
#include "render/jsonout.h"

#include <inttypes.h>
#include <string.h>

struct gitlab_entry {
    const char *description, *check, *fingerprint, *severity, *path;
    uint32_t line;
};

static void gitlab_entry(struct jsonout *json, const struct gitlab_entry *entry)
{
    jsonout_open(json, '{');
    jsonout_put_text(json, "type", "issue");
    jsonout_put_text(json, "description", entry->description);
    jsonout_put_text(json, "check_name", entry->check);
    jsonout_put_text(json, "fingerprint", entry->fingerprint);
    jsonout_put_text(json, "severity", entry->severity);
    jsonout_open_member(json, "location", '{');
    jsonout_put_text(json, "path", entry->path);
    jsonout_open_member(json, "lines", '{');
    jsonout_put_number(json, "begin", entry->line);
    jsonout_close(json, '}');
    jsonout_close(json, '}');
    jsonout_close(json, '}');
}

void export_gitlab(const struct view *view)
{
    struct jsonout json;
    jsonout_init(&json, view->style.out, JSONOUT_INDENTED);
    jsonout_open(&json, '[');
    for (size_t i = 0; i < view->issues->items.count; i++) {
        const struct issue *issue = &view->issues->items.items[i];
        const char *level = export_level(issue);
        struct textbuf text = {0};
        char fingerprint[20];
        uint32_t line;
        const char *place = export_place(view, issue, &line);
        const char *severity = strcmp(level, "error") != 0
                                   ? strcmp(level, "warning") == 0 ? "minor" : "info"
                               : issue->leak ? "major"
                                             : "critical";
        snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, issue->hash);
        export_put_title(&text, issue);
        textbuf_put(&text, ": ");
        textbuf_put(&text, issue->path);
        gitlab_entry(&json, &(struct gitlab_entry){textbuf_text(&text), issue->kind, fingerprint,
                                                   severity, place, line});
        textbuf_free(&text);
    }
    if (view->doubts[0] != '\0') {
        char *text =
            xalloc_format("incomplete: %.*s", (int)strcspn(view->doubts, "\n"), view->doubts);
        gitlab_entry(&json, &(struct gitlab_entry){text, "incomplete", "incomplete", "blocker",
                                                   "unknown", 1});
        free(text);
    }
    jsonout_close(&json, ']');
    jsonout_finish(&json);
}
