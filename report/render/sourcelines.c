/* SPDX-License-Identifier: MIT */
#include "render/sourcelines.h"

#include "util/escape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Longer lines are cut. */
#define SOURCELINES_COLUMNS 200
#define SOURCELINES_LONGEST 4096
/* A file is looked into no farther than this: what is named as a source may be anything. */
#define SOURCELINES_FARTHEST ((size_t)64 << 20)

/* Reads a line without its end into `text`, which has room for SOURCELINES_LONGEST bytes; the rest
 * of a longer one is passed over. Returns false at the end of the file, and where `left` bytes have
 * been read. */
static bool sourcelines_next(FILE *in, char *text, size_t *length, size_t *left)
{
    int byte = EOF;
    *length = 0;
    while (*left != 0 && (byte = getc_unlocked(in)) != EOF && byte != '\n') {
        (*left)--;
        if (*length < SOURCELINES_LONGEST)
            text[(*length)++] = (char)byte;
    }
    while (*length != 0 && text[*length - 1] == '\r')
        (*length)--;
    *left -= *left != 0 && byte == '\n';
    return byte == '\n' || (byte == EOF && *length != 0 && *left != 0);
}

bool sourcelines_read(const struct style *style, const char *file, uint32_t line,
                      sourcelines_visitor *visit, void *context)
{
    uint32_t around = style->source_lines;
    if (around == 0 || file == NULL || line == 0 || style->search == NULL)
        return false;
    int descriptor = symsearch_open(style->search, file);
    FILE *in = descriptor >= 0 ? fdopen(descriptor, "r") : NULL;
    if (in == NULL) {
        if (descriptor >= 0)
            close(descriptor);
        return false;
    }
    char text[SOURCELINES_LONGEST];
    size_t length, left = SOURCELINES_FARTHEST;
    uint32_t first = line > around ? line - around : 1;
    bool reached = false;
    for (uint32_t number = 1; number <= line + around && sourcelines_next(in, text, &length, &left);
         number++) {
        if (number >= first) {
            visit(context, text, length, number);
            reached |= number == line;
        }
    }
    fclose(in);
    return reached;
}

struct sourcelines_text {
    struct textbuf lines;
    const struct style *style;
    uint32_t marked;
    unsigned indent;
};

static void sourcelines_add(void *context, char *text, size_t length, uint32_t number)
{
    struct sourcelines_text *out = context;
    const struct style *style = out->style;
    bool marked = number == out->marked;
    for (size_t i = 0; i < length; i++)
        text[i] = text[i] == '\t' ? ' ' : text[i];
    char *safe = escape_text(text, length);
    struct textbuf line = {0};
    textbuf_format(&line, "%*s%s%5" PRIu32 "  ", (int)out->indent, "", marked ? ">" : " ", number);
    style_put_cut(style, &line, safe,
                  style->width > 40 ? style->width - out->indent - 9 : SOURCELINES_COLUMNS);
    style_put(style, &out->lines, marked ? STYLE_BOLD : STYLE_DIM, textbuf_text(&line));
    textbuf_put(&out->lines, "\n");
    textbuf_free(&line);
    free(safe);
}

void sourcelines_put(struct textbuf *buffer, const struct style *style, const char *file,
                     uint32_t line, unsigned indent)
{
    struct sourcelines_text out = {.style = style, .marked = line, .indent = indent};
    if (sourcelines_read(style, file, line, sourcelines_add, &out))
        textbuf_put(buffer, textbuf_text(&out.lines));
    textbuf_free(&out.lines);
}
