/* SPDX-License-Identifier: MIT
 *
 * Pieces of the outputs that are about leaks by function.
 */
#ifndef RENDER_JSON_LABELS_H
#define RENDER_JSON_LABELS_H

#include "query/metric.h"
#include "query/paths.h"
#include "render/jsonout.h"

/* Members for a label; `file` (NULL: none) and `line` are those of a call in it. */
void json_label(struct jsonout *json, const struct profile *profile,
                const struct paths_label *label, const char *file, uint32_t line);

/* Members "bytes_before", "blocks_before", "bytes_change" and "blocks_change". */
void json_before(struct jsonout *json, uint64_t bytes_before, uint64_t blocks_before,
                 uint64_t bytes, uint64_t blocks);

/* The members "metric" and "kinds". */
void json_metric(struct jsonout *json, enum metric metric, unsigned kinds);

/* The member "left_out", if there is anything. */
void json_left_out(struct jsonout *json, uint64_t bytes, uint64_t blocks);

/* "function", "line", ... */
const char *json_group(enum paths_group group);

#endif
