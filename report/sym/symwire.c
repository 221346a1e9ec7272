/* SPDX-License-Identifier: MIT */
#include "sym/symwire.h"

#include "util/cursor.h"

#include <string.h>

struct symwire_known {
    const char *text;
    uint32_t number;
};

/* Texts that were written, by address and by what they say: answers of two runs have equal texts at two addresses. */
struct symwire_texts {
    struct idmap index; /* of `known` */
    VEC(struct symwire_known) known;
    struct strpool pool;
    struct textbuf bytes;
};

struct symwire_symbol {
    uint32_t line, column, inlined, function, file;
};

static void symwire_put_number(struct textbuf *out, uint32_t number)
{
    textbuf_put_bytes(out, (const char *)&number, sizeof number);
}

static bool symwire_known_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct symwire_texts *)context)->known.items[id - 1].text == key;
}

/* The number of a text, which is written if it is a new one. */
static uint32_t symwire_number(struct symwire_texts *texts, const char *text)
{
    if (text == NULL) {
        return 0;
    }
    uint64_t hash = idmap_mix(11, (uintptr_t)text);
    uint32_t id = idmap_find(&texts->index, hash, symwire_known_equal, texts, text);
    if (id == 0) {
        uint32_t length = (uint32_t)strnlen(text, SYMWIRE_TEXT_LONGEST);
        size_t before = texts->pool.texts.count;
        uint32_t number = strpool_put_id(&texts->pool, text, length);
        if (texts->pool.texts.count != before) {
            symwire_put_number(&texts->bytes, length);
            textbuf_put_bytes(&texts->bytes, texts->pool.texts.items[number - 1], length + 1);
        }
        *VEC_PUSH(&texts->known) = (struct symwire_known){text, number};
        id = (uint32_t)texts->known.count;
        idmap_add(&texts->index, hash, id);
    }
    return texts->known.items[id - 1].number;
}

static void symwire_put_chains(struct symwire_texts *texts, const struct sym_answer *answer,
                               struct textbuf *out)
{
    for (size_t i = 0; i < answer->count; i++) {
        const struct sym_chain *chain = &answer->chains[i];
        symwire_put_number(out, chain->count);
        for (uint32_t j = 0; j < chain->count; j++) {
            const struct symbol *symbol = &answer->symbols.items[chain->first + j];
            struct symwire_symbol one = {
                .line = symbol->line,
                .column = symbol->column,
                .inlined = symbol->inlined,
                .function = symwire_number(texts, symbol->function),
                .file = symwire_number(texts, symbol->file),
            };
            textbuf_put_bytes(out, (const char *)&one, sizeof one);
        }
    }
}

void symwire_write(const struct sym_answer *answer, struct textbuf *out)
{
    struct symwire_texts texts = {0};
    struct textbuf rest = {0};
    symwire_put_number(&rest, symwire_number(&texts, answer->note));
    symwire_put_number(&rest, (uint32_t)answer->files.count);
    for (size_t i = 0; i < answer->files.count; i++) {
        const struct sym_file *file = &answer->files.items[i];
        textbuf_put_bytes(&rest, (const char *)&file->size, sizeof file->size);
        textbuf_put_bytes(&rest, (const char *)&file->mtime, sizeof file->mtime);
        symwire_put_number(&rest, symwire_number(&texts, file->path));
    }
    symwire_put_chains(&texts, answer, &rest);
    symwire_put_number(out, (uint32_t)texts.pool.texts.count);
    textbuf_put_bytes(out, textbuf_text(&texts.bytes), texts.bytes.bytes.count);
    textbuf_put_bytes(out, textbuf_text(&rest), rest.bytes.count);
    textbuf_free(&texts.bytes);
    textbuf_free(&rest);
    strpool_free(&texts.pool);
    idmap_free(&texts.index);
    VEC_FREE(&texts.known);
}

struct symwire_reader {
    struct cursor cursor;
    VEC(const char *) texts;
};

static bool symwire_get_number(struct symwire_reader *reader, uint32_t *number)
{
    return cursor_read(&reader->cursor, number, sizeof *number, "a number");
}

/* The text with this number. */
static bool symwire_text(const struct symwire_reader *reader, uint32_t number, const char **text)
{
    *text = number != 0 && number <= reader->texts.count ? reader->texts.items[number - 1] : NULL;
    return number <= reader->texts.count;
}

static bool symwire_get_texts(struct symwire_reader *reader)
{
    uint32_t count, length;
    if (!symwire_get_number(reader, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *bytes;
        if (!symwire_get_number(reader, &length) || length > SYMWIRE_TEXT_LONGEST ||
            !cursor_array(&reader->cursor, (uint64_t)length + 1, 1, &bytes, "a text") ||
            memchr(bytes, '\0', (size_t)length + 1) != bytes + length) {
            return false;
        }
        *VEC_PUSH(&reader->texts) = (const char *)bytes;
    }
    return true;
}

static bool symwire_get_files(struct symwire_reader *reader, struct sym_answer *answer)
{
    uint32_t count, path;
    if (!symwire_get_number(reader, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct sym_file file;
        if (!cursor_read(&reader->cursor, &file.size, sizeof file.size, "a size") ||
            !cursor_read(&reader->cursor, &file.mtime, sizeof file.mtime, "a time") ||
            !symwire_get_number(reader, &path) || !symwire_text(reader, path, &file.path) ||
            file.path == NULL) {
            return false;
        }
        *VEC_PUSH(&answer->files) = file;
    }
    return true;
}

static bool symwire_get_symbol(struct symwire_reader *reader, struct sym_answer *answer)
{
    struct symwire_symbol one;
    struct symbol symbol = {0};
    if (!cursor_read(&reader->cursor, &one, sizeof one, "a symbol") ||
        !symwire_text(reader, one.function, &symbol.function) ||
        !symwire_text(reader, one.file, &symbol.file)) {
        return false;
    }
    symbol.line = one.line;
    symbol.column = one.column;
    symbol.inlined = one.inlined != 0;
    *VEC_PUSH(&answer->symbols) = symbol;
    return true;
}

bool symwire_read(const char *bytes, size_t size, struct sym_answer *answer)
{
    struct failure failure = {0};
    struct symwire_reader reader = {.cursor = {.file = "symbolizer",
                                               .data = (const uint8_t *)bytes,
                                               .size = size,
                                               .failure = &failure}};
    uint32_t note;
    bool good = symwire_get_texts(&reader) && symwire_get_number(&reader, &note) &&
                symwire_text(&reader, note, &answer->note) && symwire_get_files(&reader, answer);
    for (size_t i = 0; good && i < answer->count; i++) {
        uint32_t count;
        struct sym_chain chain = {(uint32_t)answer->symbols.count, 0};
        good = symwire_get_number(&reader, &count) && count <= SYM_CHAIN_LONGEST;
        while (good && chain.count < count) {
            good = symwire_get_symbol(&reader, answer);
            chain.count += good;
        }
        answer->chains[i] = chain;
    }
    VEC_FREE(&reader.texts);
    failure_free(&failure);
    return good;
}
