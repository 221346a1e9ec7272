/* SPDX-License-Identifier: MIT */
#include "render/framename.h"

#include "util/escape.h"
#include "util/shortname.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void framename_put_place(struct textbuf *buffer, const char *file, uint32_t line,
                         const char *directory)
{
    if (file == NULL)
        return;
    size_t length = strlen(directory);
    if (length > 1 && strncmp(file, directory, length) == 0 && file[length] == '/' &&
        file[length + 1] != '\0')
        file += length + 1;
    while (file[0] == '.' && file[1] == '/' && file[2] != '\0')
        file += 2;
    textbuf_put_escaped(buffer, file);
    if (line != 0)
        textbuf_format(buffer, ":%" PRIu32, line);
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

void framename_put_function(struct textbuf *buffer, const struct style *style, const char *function,
                            bool brief)
{
    struct textbuf name = {0};
    if (style->full_names) {
        textbuf_put_escaped(buffer, function);
        return;
    }
    /* The ellipsis comes after escaping, which may not know it. */
    char *safe = escape_text(function, strlen(function));
    shortname_put(&name, safe,
                  (brief ? 0 : SHORTNAME_SIGNATURE) | (style->utf8 ? SHORTNAME_UTF8 : 0));
    textbuf_put(buffer, textbuf_text(&name));
    textbuf_free(&name);
    free(safe);
}

void framename_put_label(struct textbuf *buffer, const struct style *style,
                         const struct profile *profile, const struct paths_label *label,
                         const char *directory, bool brief)
{
    if (label->cut) {
        textbuf_put(buffer, "(callers beyond this were not recorded)");
    } else if (label->name != NULL) {
        textbuf_put_escaped(buffer, label->name);
    } else if (label->function != NULL) {
        framename_put_function(buffer, style, label->function, brief);
    } else if (label->file != NULL) {
        framename_put_place(buffer, label->file, label->line, directory);
    } else if (label->address != 0) {
        framename_put_address(buffer, profile, label->module, label->address);
    } else {
        textbuf_put_escaped(buffer,
                            label->module != 0 ? profile_basename(label->path) : "no module");
    }
}

void framename_put_entry(struct textbuf *buffer, const struct style *style,
                         const struct profile *profile, const struct callpath_entry *entry,
                         const char *directory)
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
    framename_put_function(buffer, style, symbol->function != NULL ? symbol->function : "??",
                           false);
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
    if (entry->symbol != NULL && entry->symbol->function != NULL)
        return entry->symbol->function;
    uint32_t module = profile->frames.items[entry->frame].module;
    return profile_basename(profile->modules.items[module].path);
}

const char *framename_directory(const struct profile *profile)
{
    const char *directory = NULL;
    for (size_t i = 0; i < profile->processes.count; i++) {
        const char *one = profile->processes.items[i].directory;
        if (directory != NULL && one != directory)
            return "";
        directory = one;
    }
    return directory != NULL ? directory : "";
}
