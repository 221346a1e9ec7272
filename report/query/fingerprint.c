/* SPDX-License-Identifier: MIT */
#include "query/fingerprint.h"

#include <string.h>

/* The last two parts of the path: the same in every checkout, whether the compiler was given whole
 * paths or not. */
static const char *fingerprint_file(const char *file)
{
    const char *at = file + strlen(file);
    for (int parts = 0; at > file && parts < 2; parts++)
        do {
            at--;
        } while (at > file && *at != '/');
    return *at == '/' ? at + 1 : at;
}

static void fingerprint_entry(struct textbuf *buffer, const struct profile *profile,
                              const struct callpath_entry *entry)
{
    const struct frame *frame = &profile->frames.items[entry->frame];
    const struct symbol *symbol = entry->symbol;
    textbuf_put(buffer, "|");
    if (symbol != NULL && symbol->function != NULL)
        textbuf_put(buffer, symbol->function);
    else
        textbuf_put_hex(buffer, frame->address);
    textbuf_put(buffer, "|");
    textbuf_put(buffer, profile_basename(profile->modules.items[frame->module].path));
    textbuf_put(buffer, "|");
    if (symbol != NULL && symbol->file != NULL)
        textbuf_put(buffer, fingerprint_file(symbol->file));
}

size_t fingerprint_frames(const struct profile *profile, const struct callpath *path,
                          const struct callpath_entry *taken[FINGERPRINT_FRAMES])
{
    size_t count = 0;
    for (int system = 0; system < 2 && count == 0; system++) {
        for (size_t i = 0; i < path->entries.count && count < FINGERPRINT_FRAMES; i++) {
            unsigned traits = callpath_traits(profile, &path->entries.items[i]);
            if ((traits & CALLPATH_CUT) == 0 && (system || (traits & CALLPATH_SYSTEM) == 0))
                taken[count++] = &path->entries.items[i];
        }
    }
    return count;
}

void fingerprint_put_path(struct textbuf *buffer, const struct profile *profile, const char *kind,
                          const struct callpath *path)
{
    const struct callpath_entry *taken[FINGERPRINT_FRAMES];
    size_t count = fingerprint_frames(profile, path, taken);
    textbuf_put(buffer, kind);
    for (size_t i = 0; i < count; i++)
        fingerprint_entry(buffer, profile, taken[i]);
}

void fingerprint_put(struct textbuf *buffer, const struct profile *profile, const char *kind,
                     uint32_t stack)
{
    struct callpath path = {0};
    callpath_expand(&path, profile, stack, false);
    fingerprint_put_path(buffer, profile, kind, &path);
    callpath_free(&path);
}

/* FNV-1a, which is easy to compute elsewhere. */
uint64_t fingerprint_hash(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}
