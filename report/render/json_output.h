/* SPDX-License-Identifier: MIT
 *
 * The same data as JSON: man/mmreport-json.7 says what it means, man/mmreport.schema.json what its
 * form is.
 */
#ifndef RENDER_JSON_OUTPUT_H
#define RENDER_JSON_OUTPUT_H

#include "render/jsonout.h"

/* Each writes one object and a newline. Of json_function() the nodes of the function are marked.
 * json_gate() has all findings by fingerprint, which serves as a baseline too; json_issues() the
 * same of findings that were compared with nothing. */
view_writer json_summary;
view_writer json_errors;
view_writer json_tree;
view_writer json_top;
view_writer json_function;
view_writer json_diff;
view_writer json_gate;
view_writer json_issues;

/* The members that tell of a tree, in an object that is open. */
void json_tree_part(struct jsonout *json, const struct view *view);

#endif
