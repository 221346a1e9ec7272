/* SPDX-License-Identifier: MIT
 *
 * What text_lists.h writes, as JSON. Each writes one object and a newline.
 */
#ifndef RENDER_JSON_LISTS_H
#define RENDER_JSON_LISTS_H

#include "query/changes.h"
#include "query/ranking.h"
#include "render/json_output.h"

void json_top(FILE *out, const struct leaktree *tree, const struct ranking *ranking, size_t limit);

void json_function(FILE *out, const struct leaktree *tree, const unsigned char *marked,
                   size_t limit, const struct style *style);

void json_diff(FILE *out, const struct changes *changes, const struct leaktree *tree,
               const struct json_tree_options *options, size_t limit);

#endif
