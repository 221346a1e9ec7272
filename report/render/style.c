/* SPDX-License-Identifier: MIT */
#include "render/style.h"

#include "util/escape.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static unsigned style_width(int descriptor)
{
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 0;
}

void style_init(struct style *style, FILE *out, int color)
{
    int descriptor = fileno(out);
    bool terminal = descriptor >= 0 && isatty(descriptor);
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool wanted = terminal && (no_color == NULL || *no_color == '\0') &&
                  (term == NULL || strcmp(term, "dumb") != 0);
    *style = (struct style){
        .out = out,
        .color = color == STYLE_COLOR_ALWAYS || (color == STYLE_COLOR_AUTO && wanted),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .width = terminal ? style_width(descriptor) : 0,
    };
}

void style_put(const struct style *style, struct textbuf *buffer, enum style_paint paint,
               const char *text)
{
    static const char *const codes[] = {
        [STYLE_BOLD] = "\033[1m",
        [STYLE_RED] = "\033[1;31m",
        [STYLE_YELLOW] = "\033[33m",
        [STYLE_DIM] = "\033[2m",
    };
    textbuf_put(buffer, style->color ? codes[paint] : "");
    textbuf_put(buffer, text);
    textbuf_put(buffer, style->color ? "\033[0m" : "");
}

void style_put_cut(const struct style *style, struct textbuf *buffer, const char *text,
                   size_t columns)
{
    const char *more = style->utf8 ? "\xe2\x80\xa6" : "...";
    size_t more_columns = escape_columns(more);
    if (columns == 0 || escape_columns(text) <= columns || columns <= more_columns) {
        textbuf_put(buffer, text);
        return;
    }
    const char *end = text;
    for (size_t left = columns - more_columns; left != 0; left--) {
        size_t length = escape_utf8_length(end, strlen(end));
        end += length != 0 ? length : 1;
    }
    textbuf_put_bytes(buffer, text, (size_t)(end - text));
    textbuf_put(buffer, more);
}

size_t style_room(const struct style *style, size_t used)
{
    enum { LEAST = 20 };
    return style->width == 0 ? 0 : style->width > used + LEAST ? style->width - used : LEAST;
}

void style_put_number(struct textbuf *buffer, uint64_t number)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
    for (int i = 0; i < length; i++) {
        if (i != 0 && (length - i) % 3 == 0)
            textbuf_put(buffer, ",");
        textbuf_put_bytes(buffer, &digits[i], 1);
    }
}

void style_put_amount(struct textbuf *buffer, uint64_t bytes, uint64_t blocks)
{
    style_put_number(buffer, bytes);
    textbuf_put(buffer, bytes == 1 ? " byte in " : " bytes in ");
    style_put_number(buffer, blocks);
    textbuf_put(buffer, blocks == 1 ? " block" : " blocks");
}

void style_put_duration(struct textbuf *buffer, uint64_t nanoseconds)
{
    uint64_t hundredths = nanoseconds / 10000000, seconds = hundredths / 100;
    uint64_t minutes = seconds / 60, hours = minutes / 60;
    if (seconds < 10)
        textbuf_format(buffer, "%.2fs", (double)hundredths / 100);
    else if (seconds < 100)
        textbuf_format(buffer, "%.1fs", (double)(hundredths / 10) / 10);
    else if (hours == 0)
        textbuf_format(buffer, "%" PRIu64 "m%02us", minutes, (unsigned)(seconds % 60));
    else if (hours < 100)
        textbuf_format(buffer, "%" PRIu64 "h%02um", hours, (unsigned)(minutes % 60));
    else
        textbuf_format(buffer, "%" PRIu64 "d%02uh", hours / 24, (unsigned)(hours % 24));
}

void style_flush(const struct style *style, struct textbuf *buffer)
{
    fputs(textbuf_text(buffer), style->out);
    textbuf_clear(buffer);
}
