/* SPDX-License-Identifier: MIT */
#include "sym/symwire.h"

#include "util/cursor.h"

#include <string.h>

static void symwire_put_number(struct textbuf *out, uint32_t number)
{
    textbuf_put_bytes(out, (const char *)&number, sizeof number);
}

static void symwire_put_text(struct textbuf *out, const char *text)
{
    if (text == NULL) {
        symwire_put_number(out, 0);
        return;
    }
    uint32_t length = (uint32_t)strnlen(text, SYMWIRE_TEXT_LONGEST);
    symwire_put_number(out, length + 1);
    textbuf_put_bytes(out, text, length);
}

void symwire_write(const struct sym_answer *answer, struct textbuf *out)
{
    symwire_put_text(out, answer->note);
    symwire_put_number(out, (uint32_t)answer->files.count);
    for (size_t i = 0; i < answer->files.count; i++) {
        const struct sym_file *file = &answer->files.items[i];
        textbuf_put_bytes(out, (const char *)&file->size, sizeof file->size);
        textbuf_put_bytes(out, (const char *)&file->mtime, sizeof file->mtime);
        symwire_put_text(out, file->path);
    }
    for (size_t i = 0; i < answer->count; i++) {
        const struct sym_chain *chain = &answer->chains[i];
        symwire_put_number(out, chain->count);
        for (uint32_t j = 0; j < chain->count; j++) {
            const struct symbol *symbol = &answer->symbols.items[chain->first + j];
            symwire_put_number(out, symbol->line);
            symwire_put_number(out, symbol->column);
            symwire_put_number(out, symbol->inlined);
            symwire_put_text(out, symbol->function);
            symwire_put_text(out, symbol->file);
        }
    }
}

static bool symwire_get_number(struct cursor *cursor, uint32_t *number)
{
    return cursor_read(cursor, number, sizeof *number, "a number");
}

static bool symwire_get_text(struct cursor *cursor, struct strpool *strings, const char **text)
{
    uint32_t length;
    const uint8_t *bytes;
    *text = NULL;
    if (!symwire_get_number(cursor, &length)) {
        return false;
    }
    if (length == 0) {
        return true;
    }
    if (length - 1 > SYMWIRE_TEXT_LONGEST ||
        !cursor_array(cursor, length - 1, 1, &bytes, "a text")) {
        return false;
    }
    *text = strpool_put(strings, (const char *)bytes, length - 1);
    return true;
}

static bool symwire_get_symbol(struct cursor *cursor, struct sym_answer *answer)
{
    struct symbol symbol = {0};
    uint32_t inlined;
    if (!symwire_get_number(cursor, &symbol.line) || !symwire_get_number(cursor, &symbol.column) ||
        !symwire_get_number(cursor, &inlined) ||
        !symwire_get_text(cursor, &answer->strings, &symbol.function) ||
        !symwire_get_text(cursor, &answer->strings, &symbol.file)) {
        return false;
    }
    symbol.inlined = inlined != 0;
    *VEC_PUSH(&answer->symbols) = symbol;
    return true;
}

static bool symwire_get_files(struct cursor *cursor, struct sym_answer *answer)
{
    uint32_t count;
    if (!symwire_get_number(cursor, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct sym_file file;
        if (!cursor_read(cursor, &file.size, sizeof file.size, "a size") ||
            !cursor_read(cursor, &file.mtime, sizeof file.mtime, "a time") ||
            !symwire_get_text(cursor, &answer->strings, &file.path) || file.path == NULL) {
            return false;
        }
        *VEC_PUSH(&answer->files) = file;
    }
    return true;
}

bool symwire_read(const char *bytes, size_t size, struct sym_answer *answer)
{
    struct failure failure = {0};
    struct cursor cursor = {
        .file = "symbolizer", .data = (const uint8_t *)bytes, .size = size, .failure = &failure};
    bool good = symwire_get_text(&cursor, &answer->strings, &answer->note) &&
                symwire_get_files(&cursor, answer);
    for (size_t i = 0; good && i < answer->count; i++) {
        uint32_t count;
        struct sym_chain chain = {(uint32_t)answer->symbols.count, 0};
        good = symwire_get_number(&cursor, &count) && count <= SYM_CHAIN_LONGEST;
        while (good && chain.count < count) {
            good = symwire_get_symbol(&cursor, answer);
            chain.count += good;
        }
        answer->chains[i] = chain;
    }
    failure_free(&failure);
    return good;
}
