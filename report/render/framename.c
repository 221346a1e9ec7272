/* SPDX-License-Identifier: MIT */
#include "render/framename.h"

#include <inttypes.h>
#include <string.h>

void framename_put_place(struct textbuf *buffer, const char *file, uint32_t line,
                         const char *directory)
{
    if (file == NULL) {
        return;
    }
    size_t length = strlen(directory);
    if (length > 1 && strncmp(file, directory, length) == 0 && file[length] == '/' &&
        file[length + 1] != '\0') {
        file += length + 1;
    }
    while (file[0] == '.' && file[1] == '/' && file[2] != '\0') {
        file += 2;
    }
    textbuf_put_escaped(buffer, file);
    if (line != 0) {
        textbuf_format(buffer, ":%" PRIu32, line);
    }
}

void framename_put_address(struct textbuf *buffer, const struct profile *profile, uint32_t module,
                           uint64_t address)
{
    if (module != 0) {
        textbuf_put_escaped(buffer, profile_basename(profile->modules.items[module].path));
        textbuf_put(buffer, "+");
    }
    textbuf_format(buffer, "0x%" PRIx64, address);
}

void framename_put_entry(struct textbuf *buffer, const struct profile *profile,
                         const struct callpath_entry *entry, const char *directory)
{
    const struct frame *frame = &profile->frames.items[entry->frame];
    const struct symbol *symbol = entry->symbol;
    if (entry->frame == 0) {
        textbuf_put(buffer, "(callers beyond this were not recorded)");
        return;
    }
    if (symbol == NULL) {
        framename_put_address(buffer, profile, frame->module, frame->address);
        return;
    }
    textbuf_put_escaped(buffer, symbol->function != NULL ? symbol->function : "??");
    if (symbol->file != NULL) {
        textbuf_put(buffer, " at ");
        framename_put_place(buffer, symbol->file, symbol->line, directory);
    }
    if (symbol->inlined) {
        textbuf_put(buffer, " (inlined)");
        return;
    }
    textbuf_put(buffer, " (");
    framename_put_address(buffer, profile, frame->module, frame->address);
    textbuf_put(buffer, ")");
}

const char *framename_identity(const struct profile *profile, const struct callpath_entry *entry)
{
    if (entry->symbol != NULL && entry->symbol->function != NULL) {
        return entry->symbol->function;
    }
    uint32_t module = profile->frames.items[entry->frame].module;
    return profile_basename(profile->modules.items[module].path);
}

const char *framename_directory(const struct profile *profile)
{
    const char *directory = NULL;
    for (size_t i = 0; i < profile->processes.count; i++) {
        const char *one = profile->processes.items[i].directory;
        if (directory != NULL && one != directory) {
            return "";
        }
        directory = one;
    }
    return directory != NULL ? directory : "";
}
