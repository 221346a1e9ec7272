/* SPDX-License-Identifier: MIT */
#include "cli/begin.h"
#include "cli/commands.h"
#include "elf/debugfile.h"
#include "render/jsonout.h"
#include "sym/resolve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void symbolize_write(const struct profile *profile, uint32_t id)
{
    const struct frame *frame = &profile->frames.items[id];
    struct jsonout json;
    jsonout_init(&json, stdout, JSONOUT_LINES);
    jsonout_open(&json, '{');
    jsonout_put_address(&json, "address", frame->address);
    jsonout_key(&json, "symbols");
    jsonout_open(&json, '[');
    for (uint32_t i = 0; i < frame->symbols; i++) {
        const struct symbol *symbol = &profile->symbols.items[frame->first_symbol + i];
        jsonout_open(&json, '{');
        jsonout_put_text(&json, "function", symbol->function);
        jsonout_put_text(&json, "file", symbol->file);
        jsonout_put_number(&json, "line", symbol->line);
        jsonout_put_number(&json, "column", symbol->column);
        jsonout_close(&json, '}');
    }
    jsonout_close(&json, ']');
    jsonout_close(&json, '}');
    jsonout_finish(&json);
}

int command_symbolize(int argc, char **argv)
{
    struct command command = {.id = ARGUMENTS_SYMBOLIZE};
    struct profile *profile = &command.profile;
    char line[64];
    VEC(uint32_t) frames = {0};
    if (!arguments_read(&command.arguments, ARGUMENTS_SYMBOLIZE, argc, argv)) {
        arguments_free(&command.arguments);
        return COMMAND_BAD;
    }
    profile_init(profile);
    struct module module = {.path = strpool_put(&profile->strings, command.arguments.files[0],
                                                strlen(command.arguments.files[0]))};
    module.build_id_size = debugfile_build_id(module.path, module.build_id);
    uint32_t id = profile_module(profile, &module);
    while (fgets(line, sizeof line, stdin) != NULL)
        *VEC_PUSH(&frames) = profile_frame(profile, id, strtoull(line, NULL, 16), true);
    struct resolve_set wanted;
    resolve_set_init(&wanted, profile);
    for (size_t i = 0; i < frames.count; i++)
        wanted.frames[frames.items[i]] = 1;
    resolve_names(profile, &wanted, &command.arguments.search, true);
    resolve_set_free(&wanted);
    for (size_t i = 0; i < frames.count; i++)
        symbolize_write(profile, frames.items[i]);
    VEC_FREE(&frames);
    return command_end(&command);
}
