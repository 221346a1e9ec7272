/* SPDX-License-Identifier: MIT */
#include "render/json_stacks.h"

static void json_frame(struct jsonout *json, const struct profile *profile,
                       const struct callpath_entry *entry)
{
    if (entry->frame == 0) {
        jsonout_put_bool(json, "cut", true);
        return;
    }
    const struct frame *frame = &profile->frames.items[entry->frame];
    const struct symbol *symbol = entry->symbol;
    if (symbol != NULL) {
        jsonout_put_text(json, "function", symbol->function);
        jsonout_put_text(json, "file", symbol->file);
        if (symbol->line != 0)
            jsonout_put_number(json, "line", symbol->line);
        if (symbol->column != 0)
            jsonout_put_number(json, "column", symbol->column);
    }
    jsonout_put_bool(json, "inlined", symbol != NULL && symbol->inlined);
    jsonout_put_text(json, "module", profile->modules.items[frame->module].path);
    jsonout_put_address(json, "address", frame->address);
}

void json_stack(struct jsonout *json, const char *key, const struct profile *profile,
                uint32_t stack, bool all_frames)
{
    struct callpath path = {0};
    callpath_expand(&path, profile, stack, all_frames);
    jsonout_open_member(json, key, '[');
    for (size_t i = 0; i < path.entries.count; i++) {
        jsonout_open(json, '{');
        json_frame(json, profile, &path.entries.items[i]);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
    callpath_free(&path);
}
