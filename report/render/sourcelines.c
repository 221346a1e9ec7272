/* SPDX-License-Identifier: MIT */
#include "render/sourcelines.h"

#include "util/escape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Longer lines are cut. */
#define SOURCELINES_COLUMNS 200

static void sourcelines_line(struct textbuf *buffer, const struct style *style, char *text,
                             size_t length, uint32_t number, bool marked, unsigned indent)
{
    while (length != 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        text[i] = text[i] == '\t' ? ' ' : text[i];
    }
    char *safe = escape_text(text, length);
    struct textbuf line = {0};
    textbuf_format(&line, "%*s%s%5" PRIu32 "  ", (int)indent, "", marked ? ">" : " ", number);
    style_put_cut(style, &line, safe,
                  style->width > 40 ? style->width - indent - 9 : SOURCELINES_COLUMNS);
    style_put(style, buffer, marked ? STYLE_BOLD : STYLE_DIM, textbuf_text(&line));
    textbuf_put(buffer, "\n");
    textbuf_free(&line);
    free(safe);
}

void sourcelines_put(struct textbuf *buffer, const struct style *style, const char *file,
                     uint32_t line, unsigned indent)
{
    uint32_t around = style->source_lines;
    if (around == 0 || file == NULL || line == 0 || style->search == NULL) {
        return;
    }
    int descriptor = symsearch_open(style->search, file);
    FILE *in = descriptor >= 0 ? fdopen(descriptor, "r") : NULL;
    if (in == NULL) {
        if (descriptor >= 0) {
            close(descriptor);
        }
        return;
    }
    char *text = NULL;
    size_t room = 0;
    ssize_t length;
    uint32_t first = line > around ? line - around : 1;
    struct textbuf lines = {0};
    bool reached = false;
    for (uint32_t number = 1; number <= line + around && (length = getline(&text, &room, in)) >= 0;
         number++) {
        if (number >= first) {
            sourcelines_line(&lines, style, text, (size_t)length, number, number == line, indent);
            reached |= number == line;
        }
    }
    if (reached) {
        textbuf_put(buffer, textbuf_text(&lines));
    }
    textbuf_free(&lines);
    free(text);
    fclose(in);
}
