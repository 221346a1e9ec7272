/* SPDX-License-Identifier: MIT
 *
 * SARIF 2.1.0 (OASIS), as GitHub's code scanning wants it: paths from the repository's root, a
 * fingerprint of ours in partialFingerprints.primaryLocationLineHash, the stacks as codeFlows.
 */
#include "model/catalog.h"
#include "render/export_parts.h"
#include "render/framename.h"
#include "render/json_values.h"
#include "util/version.h"

#include <inttypes.h>
#include <string.h>

static json_t *sarif_text(const char *text)
{
    json_t *object = json_object();
    json_put_text(object, "text", text);
    return object;
}

/* A path as a URI: relative as it is, absolute behind file://. */
static json_t *sarif_uri(const char *path)
{
    struct textbuf uri = {0};
    textbuf_put(&uri, path[0] == '/' ? "file://" : "");
    for (const char *at = path; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || strchr("/._~-+", byte) != NULL;
        if (plain) {
            textbuf_put_bytes(&uri, at, 1);
        } else {
            textbuf_format(&uri, "%%%02X", byte);
        }
    }
    json_t *artifact = json_object();
    json_put_text(artifact, "uri", textbuf_text(&uri));
    if (path[0] != '/') {
        json_put_text(artifact, "uriBaseId", "%SRCROOT%");
    }
    textbuf_free(&uri);
    return artifact;
}

static json_t *sarif_physical(const char *path, uint32_t line, uint32_t column)
{
    json_t *physical = json_object(), *region = json_object();
    json_put(physical, "artifactLocation", sarif_uri(path));
    json_put_number(region, "startLine", line);
    if (column != 0) {
        json_put_number(region, "startColumn", column);
    }
    json_put(physical, "region", region);
    return physical;
}

static json_t *sarif_flow(const struct exporting *exporting, const struct export_stack *stack)
{
    const struct style style = {.full_names = true};
    json_t *locations = json_array();
    struct callpath path = {0};
    callpath_expand(&path, exporting->profile, stack->stack, false);
    /* A flow goes forward: the outermost caller is first. */
    for (size_t i = path.entries.count; i-- > 0;) {
        const struct symbol *symbol = path.entries.items[i].symbol;
        if (symbol == NULL || symbol->file == NULL) {
            continue;
        }
        struct textbuf text = {0};
        framename_put_function(&text, &style, symbol->function != NULL ? symbol->function : "??",
                               true);
        textbuf_format(&text, " (%s)", stack->what);
        json_t *location = json_object(), *step = json_object();
        json_put(location, "physicalLocation",
                 sarif_physical(export_file(exporting, symbol->file),
                                symbol->line != 0 ? symbol->line : 1, symbol->column));
        json_put(location, "message", sarif_text(textbuf_text(&text)));
        json_put(step, "location", location);
        json_array_append_new(locations, step);
        textbuf_free(&text);
    }
    callpath_free(&path);
    if (json_array_size(locations) == 0) {
        json_decref(locations);
        return NULL;
    }
    json_t *thread = json_object(), *threads = json_array(), *flow = json_object();
    json_put(thread, "locations", locations);
    json_array_append_new(threads, thread);
    json_put(flow, "threadFlows", threads);
    json_put(flow, "message", sarif_text(stack->what));
    return flow;
}

static const char *sarif_rule_id(const struct issue *issue, char room[64])
{
    snprintf(room, 64, "%s%s", issue->kind, issue->leak ? "-leak" : "");
    return room;
}

static json_t *sarif_rule(const struct issue *issue)
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
    json_t *rule = json_object(), *tags = json_array(), *properties = json_object();
    json_t *defaults = json_object();
    json_put_text(rule, "id", sarif_rule_id(issue, id));
    json_put(rule, "shortDescription", sarif_text(title));
    json_put(rule, "fullDescription", sarif_text(meaning));
    json_put(rule, "help", sarif_text(meaning));
    json_put_text(defaults, "level", export_level(issue));
    json_put(rule, "defaultConfiguration", defaults);
    if (!issue->leak) {
        json_array_append_new(tags, json_string("security"));
    }
    if (cwe != 0) {
        char tag[32];
        snprintf(tag, sizeof tag, "external/cwe/cwe-%03u", cwe);
        json_array_append_new(tags, json_string(tag));
    }
    json_put(properties, "tags", tags);
    json_put(rule, "properties", properties);
    free(title);
    return rule;
}

/* Index of the rule of an issue, which is added if it is not there. */
static size_t sarif_rule_index(json_t *rules, const struct issue *issue)
{
    char id[64];
    sarif_rule_id(issue, id);
    for (size_t i = 0; i < json_array_size(rules); i++) {
        if (strcmp(json_string_value(json_object_get(json_array_get(rules, i), "id")), id) == 0) {
            return i;
        }
    }
    json_array_append_new(rules, sarif_rule(issue));
    return json_array_size(rules) - 1;
}

static json_t *sarif_result(const struct exporting *exporting, json_t *rules,
                            const struct issue *issue)
{
    json_t *result = json_object(), *locations = json_array(), *location = json_object();
    json_t *prints = json_object(), *flows = json_array();
    struct textbuf message = {0};
    char text[64];
    uint32_t line;
    const char *place = export_place(exporting, issue, &line);
    json_put_number(result, "ruleIndex", sarif_rule_index(rules, issue));
    json_put_text(result, "ruleId", sarif_rule_id(issue, text));
    json_put_text(result, "level", export_level(issue));
    export_put_title(&message, issue);
    textbuf_put(&message, ": ");
    export_put_message(&message, exporting, issue);
    json_put(result, "message", sarif_text(textbuf_text(&message)));
    textbuf_free(&message);
    json_put(location, "physicalLocation", sarif_physical(place, line, 0));
    json_array_append_new(locations, location);
    json_put(result, "locations", locations);
    snprintf(text, sizeof text, "%016" PRIx64, issue->hash);
    json_put_text(prints, "primaryLocationLineHash", text);
    json_put(result, "partialFingerprints", prints);
    struct export_stack stacks[3];
    size_t count = export_stacks(stacks, exporting->profile, issue);
    for (size_t i = 0; i < count; i++) {
        json_t *flow = sarif_flow(exporting, &stacks[i]);
        if (flow != NULL) {
            json_array_append_new(flows, flow);
        }
    }
    if (json_array_size(flows) != 0) {
        json_put(result, "codeFlows", flows);
    } else {
        json_decref(flows);
    }
    json_put_number(result, "occurrenceCount",
                    issue->processes.count != 0 ? issue->processes.count : 1);
    return result;
}

static json_t *sarif_invocations(const struct exporting *exporting)
{
    json_t *invocations = json_array(), *invocation = json_object(), *told = json_array();
    json_put_bool(invocation, "executionSuccessful", exporting->doubts[0] == '\0');
    for (const char *next = exporting->doubts; *next != '\0';) {
        size_t length = strcspn(next, "\n");
        char *text = xalloc_text(next, length);
        json_t *one = json_object();
        json_put(one, "message", sarif_text(text));
        json_put_text(one, "level", "error");
        json_array_append_new(told, one);
        free(text);
        next += length + (next[length] == '\n');
    }
    json_put(invocation, "toolExecutionNotifications", told);
    json_array_append_new(invocations, invocation);
    return invocations;
}

void export_sarif(FILE *out, const struct exporting *exporting)
{
    json_t *log = json_object(), *runs = json_array(), *run = json_object();
    json_t *tool = json_object(), *driver = json_object();
    json_t *rules = json_array(), *results = json_array();
    for (size_t i = 0; i < exporting->issues->items.count; i++) {
        json_array_append_new(results,
                              sarif_result(exporting, rules, &exporting->issues->items.items[i]));
    }
    json_put_text(driver, "name", "mmguard");
    json_put_text(driver, "version", MMGUARD_VERSION);
    json_put(driver, "rules", rules);
    json_put(tool, "driver", driver);
    json_put(run, "tool", tool);
    json_put(run, "invocations", sarif_invocations(exporting));
    json_put(run, "results", results);
    json_put_text(run, "columnKind", "utf16CodeUnits");
    json_array_append_new(runs, run);
    json_put_text(log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_put_text(log, "version", "2.1.0");
    json_put(log, "runs", runs);
    json_finish(out, log);
}
