/* SPDX-License-Identifier: MIT
 *
 * The same data as JSON: man/mmreport-json.7 says what it means, man/mmreport.schema.json what its
 * form is.
 */
#ifndef RENDER_JSON_OUTPUT_H
#define RENDER_JSON_OUTPUT_H

#include "model/profile.h"
#include "query/leaktree.h"
#include "render/jsonout.h"
#include "render/style.h"

#include <stdio.h>

struct json_tree_options {
    double min_percent;
    unsigned depth;
    /* Not inverted, perhaps the tree itself; NULL: no likely origin is asked for. */
    const struct leaktree *origin_tree;
    const struct style *style; /* for source lines; NULL: none */
};

/* Each writes one object and a newline. `style` (NULL: none) says which source lines. */
void json_summary(FILE *out, const struct profile *profile);
void json_errors(FILE *out, const struct profile *profile, bool all_frames,
                 const struct style *style);
void json_tree(FILE *out, const struct leaktree *tree, const struct json_tree_options *options);

/* The members that tell of a tree, in an object that is open. */
void json_tree_part(struct jsonout *json, const struct leaktree *tree,
                    const struct json_tree_options *options);

#endif
