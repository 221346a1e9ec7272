/* SPDX-License-Identifier: MIT
 *
 * SARIF 2.1.0 (OASIS), as GitHub's code scanning wants it: paths from the repository's root, a
 * fingerprint of ours in partialFingerprints.primaryLocationLineHash, the stacks as codeFlows.
 */
#include "model/catalog.h"
#include "render/export_parts.h"
#include "render/framename.h"
#include "render/jsonout.h"
#include "util/version.h"

#include <stdlib.h>
#include <string.h>

static void sarif_text(struct jsonout *json, const char *key, const char *text)
{
    jsonout_open_member(json, key, '{');
    jsonout_put_text(json, "text", text);
    jsonout_close(json, '}');
}

/* A path as a URI: relative as it is, absolute behind file://. */
static void sarif_artifact(struct jsonout *json, const char *path)
{
    struct textbuf uri = {0};
    textbuf_put(&uri, path[0] == '/' ? "file://" : "");
    for (const char *at = path; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || strchr("/._~-+", byte) != NULL;
        if (plain)
            textbuf_put_bytes(&uri, at, 1);
        else
            textbuf_format(&uri, "%%%02X", byte);
    }
    jsonout_open_member(json, "artifactLocation", '{');
    jsonout_put_text(json, "uri", textbuf_text(&uri));
    if (path[0] != '/')
        jsonout_put_text(json, "uriBaseId", "%SRCROOT%");
    jsonout_close(json, '}');
    textbuf_free(&uri);
}

static void sarif_physical(struct jsonout *json, const char *path, uint32_t line, uint32_t column)
{
    jsonout_open_member(json, "physicalLocation", '{');
    sarif_artifact(json, path);
    jsonout_open_member(json, "region", '{');
    jsonout_put_number(json, "startLine", line);
    if (column != 0)
        jsonout_put_number(json, "startColumn", column);
    jsonout_close(json, '}');
    jsonout_close(json, '}');
}

static void sarif_step(struct jsonout *json, const struct view *view, const struct symbol *symbol,
                       const char *what)
{
    const struct style style = {.full_names = true};
    struct textbuf text = {0};
    framename_put_function(&text, &style, symbol->function != NULL ? symbol->function : "??", true);
    textbuf_format(&text, " (%s)", what);
    jsonout_open(json, '{');
    jsonout_open_member(json, "location", '{');
    sarif_physical(json, export_file(view, symbol->file), symbol->line != 0 ? symbol->line : 1,
                   symbol->column);
    sarif_text(json, "message", textbuf_text(&text));
    jsonout_close(json, '}');
    jsonout_close(json, '}');
    textbuf_free(&text);
}

static bool sarif_has_place(const struct callpath_entry *entry)
{
    return entry->symbol != NULL && entry->symbol->file != NULL;
}

/* Writes a stack, in the array that `flows` says is open; opens it for the first. */
static void sarif_flow(struct jsonout *json, const struct view *view,
                       const struct export_stack *stack, bool *flows)
{
    struct callpath path = {0};
    size_t places = 0;
    callpath_expand(&path, view->profile, stack->stack, false);
    for (size_t i = 0; i < path.entries.count; i++)
        places += sarif_has_place(&path.entries.items[i]);
    if (places != 0) {
        if (!*flows) {
            jsonout_open_member(json, "codeFlows", '[');
            *flows = true;
        }
        jsonout_open(json, '{');
        jsonout_open_member(json, "threadFlows", '[');
        jsonout_open(json, '{');
        jsonout_open_member(json, "locations", '[');
        /* A flow goes forward: the outermost caller is first. */
        for (size_t i = path.entries.count; i-- > 0;)
            if (sarif_has_place(&path.entries.items[i]))
                sarif_step(json, view, path.entries.items[i].symbol, stack->what);
        jsonout_close(json, ']');
        jsonout_close(json, '}');
        jsonout_close(json, ']');
        sarif_text(json, "message", stack->what);
        jsonout_close(json, '}');
    }
    callpath_free(&path);
}

static const char *sarif_rule_id(const struct issue *issue, char room[64])
{
    snprintf(room, 64, "%s%s", issue->kind, issue->leak ? "-leak" : "");
    return room;
}

static void sarif_rule(struct jsonout *json, const struct issue *issue)
{
    static const char *const meanings[MMT_LEAK_KINDS] = {
        "a heap block was never freed and nothing points to it any more",
        "a heap block was never freed and only blocks that are lost themselves point to it",
        "a heap block was never freed and only its middle is pointed to",
        "a heap block was still pointed to when the program ended"};
    const struct catalog_error *error = catalog_error(issue->number);
    char id[64];
    char *title =
        issue->leak ? xalloc_format("%s leak", issue->kind) : xalloc_format("%s", error->title);
    const char *meaning = issue->leak ? meanings[issue->number] : error->meaning;
    unsigned cwe = issue->leak ? 401 : error->cwe;
    jsonout_open(json, '{');
    jsonout_put_text(json, "id", sarif_rule_id(issue, id));
    sarif_text(json, "shortDescription", title);
    sarif_text(json, "fullDescription", meaning);
    sarif_text(json, "help", meaning);
    jsonout_open_member(json, "defaultConfiguration", '{');
    jsonout_put_text(json, "level", export_level(issue));
    jsonout_close(json, '}');
    jsonout_open_member(json, "properties", '{');
    jsonout_open_member(json, "tags", '[');
    if (!issue->leak)
        jsonout_text(json, "security");
    if (cwe != 0) {
        char tag[32];
        snprintf(tag, sizeof tag, "external/cwe/cwe-%03u", cwe);
        jsonout_text(json, tag);
    }
    jsonout_close(json, ']');
    jsonout_close(json, '}');
    jsonout_close(json, '}');
    free(title);
}

/* For each rule the first issue that follows it. */
struct sarif_rules {
    VEC(const struct issue *) first;
};

/* Index of the rule of an issue, which is added if it is not there. */
static size_t sarif_rule_index(struct sarif_rules *rules, const struct issue *issue)
{
    char id[64], other[64];
    sarif_rule_id(issue, id);
    for (size_t i = 0; i < rules->first.count; i++)
        if (strcmp(sarif_rule_id(rules->first.items[i], other), id) == 0)
            return i;
    *VEC_PUSH(&rules->first) = issue;
    return rules->first.count - 1;
}

static void sarif_message(struct jsonout *json, const struct view *view, const struct issue *issue)
{
    struct textbuf message = {0};
    export_put_title(&message, issue);
    textbuf_put(&message, ": ");
    export_put_message(&message, view, issue);
    sarif_text(json, "message", textbuf_text(&message));
    textbuf_free(&message);
}

static void sarif_result(struct jsonout *json, const struct view *view, struct sarif_rules *rules,
                         const struct issue *issue)
{
    char id[64];
    uint32_t line;
    const char *place = export_place(view, issue, &line);
    jsonout_open(json, '{');
    jsonout_put_number(json, "ruleIndex", sarif_rule_index(rules, issue));
    jsonout_put_text(json, "ruleId", sarif_rule_id(issue, id));
    jsonout_put_text(json, "level", export_level(issue));
    sarif_message(json, view, issue);
    jsonout_open_member(json, "locations", '[');
    jsonout_open(json, '{');
    sarif_physical(json, place, line, 0);
    jsonout_close(json, '}');
    jsonout_close(json, ']');
    jsonout_open_member(json, "partialFingerprints", '{');
    jsonout_put_hash(json, "primaryLocationLineHash", issue->hash);
    jsonout_close(json, '}');
    struct export_stack stacks[3];
    size_t count = export_stacks(stacks, view->profile, issue);
    bool flows = false;
    for (size_t i = 0; i < count; i++)
        sarif_flow(json, view, &stacks[i], &flows);
    if (flows)
        jsonout_close(json, ']');
    jsonout_put_number(json, "occurrenceCount",
                       issue->processes.count != 0 ? issue->processes.count : 1);
    jsonout_close(json, '}');
}

static void sarif_invocations(struct jsonout *json, const struct view *view)
{
    jsonout_open_member(json, "invocations", '[');
    jsonout_open(json, '{');
    jsonout_put_bool(json, "executionSuccessful", view->doubts[0] == '\0');
    jsonout_open_member(json, "toolExecutionNotifications", '[');
    for (const char *next = view->doubts; *next != '\0';) {
        size_t length = strcspn(next, "\n");
        char *text = xalloc_text(next, length);
        jsonout_open(json, '{');
        sarif_text(json, "message", text);
        jsonout_put_text(json, "level", "error");
        jsonout_close(json, '}');
        free(text);
        next += length + (next[length] == '\n');
    }
    jsonout_close(json, ']');
    jsonout_close(json, '}');
    jsonout_close(json, ']');
}

static void sarif_tool(struct jsonout *json, const struct sarif_rules *rules)
{
    jsonout_open_member(json, "tool", '{');
    jsonout_open_member(json, "driver", '{');
    jsonout_put_text(json, "name", "mmguard");
    jsonout_put_text(json, "version", MMGUARD_VERSION);
    jsonout_open_member(json, "rules", '[');
    for (size_t i = 0; i < rules->first.count; i++)
        sarif_rule(json, rules->first.items[i]);
    jsonout_close(json, ']');
    jsonout_close(json, '}');
    jsonout_close(json, '}');
}

void export_sarif(const struct view *view)
{
    struct jsonout json;
    struct sarif_rules rules = {0};
    for (size_t i = 0; i < view->issues->items.count; i++)
        sarif_rule_index(&rules, &view->issues->items.items[i]);
    jsonout_init(&json, view->style.out, JSONOUT_INDENTED);
    jsonout_open(&json, '{');
    jsonout_put_text(&json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    jsonout_put_text(&json, "version", "2.1.0");
    jsonout_open_member(&json, "runs", '[');
    jsonout_open(&json, '{');
    sarif_tool(&json, &rules);
    sarif_invocations(&json, view);
    jsonout_open_member(&json, "results", '[');
    for (size_t i = 0; i < view->issues->items.count; i++)
        sarif_result(&json, view, &rules, &view->issues->items.items[i]);
    jsonout_close(&json, ']');
    jsonout_put_text(&json, "columnKind", "utf16CodeUnits");
    jsonout_close(&json, '}');
    jsonout_close(&json, ']');
    jsonout_close(&json, '}');
    jsonout_finish(&json);
    VEC_FREE(&rules.first);
}
