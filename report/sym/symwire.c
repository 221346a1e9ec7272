/* SPDX-License-Identifier: MIT */
#include "sym/symwire.h"

#include "util/cursor.h"

#include <string.h>

struct symwire_known {
    const char *text;
    uint32_t number;
};

/* Texts that were written, by address and by what they say: answers of two runs have equal texts at
 * two addresses. */
struct symwire_texts {
    struct idmap by_address, by_content; /* of `known`, of `written` */
    VEC(struct symwire_known) known;
    VEC(const char *) written;
    struct textbuf *out;
};

struct symwire_symbol {
    uint32_t line, column, inlined, function, file, linkage;
};

static void symwire_put_number(struct textbuf *out, uint32_t number)
{
    textbuf_put_bytes(out, (const char *)&number, sizeof number);
}

static bool symwire_known_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct symwire_texts *)context)->known.items[id - 1].text == key;
}

static bool symwire_written_equal(const void *context, uint32_t number, const void *key)
{
    const char *text = ((const struct symwire_texts *)context)->written.items[number - 1];
    return strncmp(text, key, SYMWIRE_TEXT_LONGEST) == 0;
}

/* The number of a text that was met at this address for the first time. It is written if there is
 * none like it. */
static uint32_t symwire_put_text(struct symwire_texts *texts, const char *text)
{
    size_t length = strnlen(text, SYMWIRE_TEXT_LONGEST);
    uint64_t hash = idmap_mix_bytes(12, text, length);
    uint32_t number = idmap_find(&texts->by_content, hash, symwire_written_equal, texts, text);
    if (number == 0) {
        *VEC_PUSH(&texts->written) = text;
        number = (uint32_t)texts->written.count;
        idmap_add(&texts->by_content, hash, number);
        symwire_put_number(texts->out, (uint32_t)length);
        textbuf_put_bytes(texts->out, text, length);
        textbuf_put_bytes(texts->out, "", 1);
    }
    return number;
}

static uint32_t symwire_number(struct symwire_texts *texts, const char *text)
{
    if (text == NULL)
        return 0;
    uint64_t hash = idmap_mix(11, (uintptr_t)text);
    uint32_t id = idmap_find(&texts->by_address, hash, symwire_known_equal, texts, text);
    if (id == 0) {
        *VEC_PUSH(&texts->known) = (struct symwire_known){text, symwire_put_text(texts, text)};
        id = (uint32_t)texts->known.count;
        idmap_add(&texts->by_address, hash, id);
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
                .linkage = symwire_number(texts, symbol->linkage),
            };
            textbuf_put_bytes(out, (const char *)&one, sizeof one);
        }
    }
}

void symwire_write(const struct sym_answer *answer, struct textbuf *out)
{
    struct symwire_texts texts = {.out = out};
    struct textbuf rest = {0};
    size_t place = out->bytes.count;
    symwire_put_number(out, 0); /* of texts; they are counted below */
    symwire_put_number(&rest, symwire_number(&texts, answer->note));
    symwire_put_number(&rest, (uint32_t)answer->files.count);
    for (size_t i = 0; i < answer->files.count; i++) {
        const struct sym_file *file = &answer->files.items[i];
        textbuf_put_bytes(&rest, (const char *)&file->size, sizeof file->size);
        textbuf_put_bytes(&rest, (const char *)&file->mtime, sizeof file->mtime);
        symwire_put_number(&rest, symwire_number(&texts, file->path));
    }
    symwire_put_chains(&texts, answer, &rest);
    uint32_t count = (uint32_t)texts.written.count;
    memcpy(out->bytes.items + place, &count, sizeof count);
    textbuf_put_bytes(out, textbuf_text(&rest), rest.bytes.count);
    textbuf_free(&rest);
    idmap_free(&texts.by_address);
    idmap_free(&texts.by_content);
    VEC_FREE(&texts.known);
    VEC_FREE(&texts.written);
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
    if (!symwire_get_number(reader, &count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *bytes;
        if (!symwire_get_number(reader, &length) || length > SYMWIRE_TEXT_LONGEST ||
            !cursor_array(&reader->cursor, (uint64_t)length + 1, 1, &bytes, "a text") ||
            memchr(bytes, '\0', (size_t)length + 1) != bytes + length)
            return false;
        *VEC_PUSH(&reader->texts) = (const char *)bytes;
    }
    return true;
}

static bool symwire_get_files(struct symwire_reader *reader, struct sym_answer *answer)
{
    uint32_t count, path;
    if (!symwire_get_number(reader, &count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct sym_file file;
        if (!cursor_read(&reader->cursor, &file.size, sizeof file.size, "a size") ||
            !cursor_read(&reader->cursor, &file.mtime, sizeof file.mtime, "a time") ||
            !symwire_get_number(reader, &path) || !symwire_text(reader, path, &file.path) ||
            file.path == NULL)
            return false;
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
        !symwire_text(reader, one.file, &symbol.file) ||
        !symwire_text(reader, one.linkage, &symbol.linkage))
        return false;
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
