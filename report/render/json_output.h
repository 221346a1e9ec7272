/* SPDX-License-Identifier: MIT
 *
 * The same data as JSON. One object on one output, for each command:
 *
 *     { "format": "mmreport", "version": 1, "command": "summary" | "errors" | "tree", "complete": bool, ... }
 *
 * "complete" is false if a trace was cut off or says that something is missing. Numbers are integers, but for "share", which is
 * between 0 and 1; addresses are texts like "0x7f00"; times are nanoseconds since 1970. Members whose value is not known are
 * left out. What is not valid UTF-8 or a control character in a text from a trace is written as \xNN. A number beyond
 * 2^63 - 1 is given as that.
 *
 *     summary: "processes": [process], "total": { "errors", "processes", "processes_searched", "leaks": LEAKS }
 *         process: "program", "command", "directory", "pid", "parent_pid", "forked", "ending", "status", "backend",
 *                  "start_time", "end_time", "complete", "errors", "errors_by_kind": { slug: count }, "leak_check": "done" |
 *                  "not run" | "failed", "leaks": LEAKS (only if done), "counters": { the names of struct mmt_counters },
 *                  "notes": [{ "severity": "info" | "degraded" | "incomplete", "text" }]
 *         LEAKS: { "definite" | "indirect" | "possible" | "reachable": { "bytes", "blocks" } }
 *     errors: "findings": [finding]
 *         finding: "id", "program", "pid", "kind" (slug), "title", "meaning", "cwe", "severity", "message", "count", "time",
 *                  "address", "access": { "direction": "read" | "write", "start", "size" }, "function", "requested", "call",
 *                  "where", "thread": THREAD, "noticed_at_end" (true: the damage was found when the process ended), "stack": [FRAME],
 *                  "block": { "start", "size", "alignment", "inherited", "allocated": EVENT, "freed": EVENT }
 *         EVENT: { "function", "thread": THREAD, "stack": [FRAME] };  THREAD: { "id", "tid", "name" }
 *     tree: "kinds": [kind], "inverted": bool, "likely_origin": null | { "bytes", "blocks", "share", "path": [FRAME] },
 *           "tree": NODE
 *         NODE: "function", "module", "address", "file", "line", "bytes", "blocks", "share" (of all), "self_bytes",
 *               "self_blocks", "children": [NODE], and "omitted": { "nodes", "bytes", "blocks" } for what --min and --depth
 *               left out. The root has no name. A node's sums are its own part, its children and what is omitted.
 *     FRAME: "function", "module", "address" (in the module's file), "file", "line", "column", "inlined"; { "cut": true } stands
 *            for callers that were not recorded. Stacks begin at the innermost frame, "path" at the outermost.
 */
#ifndef JSON_OUTPUT_H
#define JSON_OUTPUT_H

#include "model/profile.h"
#include "query/leaktree.h"
#include "render/jsonout.h"

#include <stdio.h>

struct json_tree_options {
    double min_percent;
    unsigned depth;
    const struct leaktree *
        origin_tree; /* not inverted, perhaps the tree itself; NULL: no likely origin is asked for */
};

/* Each writes one object and a newline. */
void json_summary(FILE *out, const struct profile *profile);
void json_errors(FILE *out, const struct profile *profile, bool all_frames);
void json_tree(FILE *out, const struct leaktree *tree, const struct json_tree_options *options);

/* The members that tell of a tree, in an object that is open. */
void json_tree_part(struct jsonout *json, const struct leaktree *tree,
                    const struct json_tree_options *options);

#endif
