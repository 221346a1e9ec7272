/* SPDX-License-Identifier: MIT */
#include "render/json_labels.h"

#include "model/catalog.h"

void json_label(struct jsonout *json, const struct profile *profile,
                const struct paths_label *label, const char *file, uint32_t line)
{
    if (label->cut) {
        jsonout_put_bool(json, "cut", true);
        return;
    }
    jsonout_put_text(json, "name", label->name);
    jsonout_put_text(json, "function", label->function);
    jsonout_put_text(json, "file", file != NULL ? file : label->file);
    line = line != 0 ? line : label->line;
    if (line != 0)
        jsonout_put_number(json, "line", line);
    jsonout_put_text(json, "module",
                     label->path != NULL ? profile->modules.items[label->module].path : NULL);
    if (label->address != 0)
        jsonout_put_address(json, "address", label->address);
}

void json_before(struct jsonout *json, uint64_t bytes_before, uint64_t blocks_before,
                 uint64_t bytes, uint64_t blocks)
{
    jsonout_put_number(json, "bytes_before", bytes_before);
    jsonout_put_number(json, "blocks_before", blocks_before);
    jsonout_key(json, "bytes_change");
    jsonout_change(json, bytes_before, bytes);
    jsonout_key(json, "blocks_change");
    jsonout_change(json, blocks_before, blocks);
}

void json_metric(struct jsonout *json, enum metric metric, unsigned kinds)
{
    jsonout_put_text(json, "metric", metric_names[metric]);
    jsonout_key(json, "kinds");
    jsonout_open(json, '[');
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++)
        if ((kinds >> kind & 1) != 0)
            jsonout_text(json, catalog_leak_kind(kind));
    jsonout_close(json, ']');
}

void json_left_out(struct jsonout *json, uint64_t bytes, uint64_t blocks)
{
    if (blocks == 0)
        return;
    jsonout_key(json, "left_out");
    jsonout_open(json, '{');
    jsonout_put_number(json, "bytes", bytes);
    jsonout_put_number(json, "blocks", blocks);
    jsonout_close(json, '}');
}

const char *json_group(enum paths_group group)
{
    static const char *const names[] = {"function", "line", "file", "module", "thread", "process"};
    return names[group];
}
