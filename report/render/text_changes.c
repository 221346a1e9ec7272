/* SPDX-License-Identifier: MIT */
#include "model/catalog.h"
#include "render/framename.h"
#include "render/text_lists.h"

#include <inttypes.h>
#include <string.h>

static void text_changes_put_function(struct textbuf *buffer, const struct style *style,
                                      const struct profile *profile,
                                      const struct callpath_entry *entry)
{
    const struct frame *frame = &profile->frames.items[entry->frame];
    if (entry->frame == 0)
        textbuf_put(buffer, "...");
    else if (entry->symbol == NULL || entry->symbol->function == NULL)
        framename_put_address(buffer, profile, frame->module, frame->address);
    else
        framename_put_function(buffer, style, entry->symbol->function, true);
}

/* ", FILE:LINE (MODULE)" of an entry with a name. */
static void text_changes_put_line(struct textbuf *buffer, const struct profile *profile,
                                  const struct callpath_entry *entry)
{
    const struct frame *frame = &profile->frames.items[entry->frame];
    if (entry->frame == 0 || entry->symbol == NULL || entry->symbol->function == NULL)
        return;
    if (entry->symbol->file != NULL) {
        textbuf_put(buffer, ", ");
        framename_put_place(buffer, entry->symbol->file, entry->symbol->line,
                            framename_directory(profile));
    }
    textbuf_put(buffer, " (");
    textbuf_put_escaped(buffer, profile_basename(profile->modules.items[frame->module].path));
    textbuf_put(buffer, ")");
}

/* The innermost function of the program in the stack, its callers, and where it is. */
static void text_changes_put_place(struct textbuf *buffer, const struct style *style,
                                   const struct profile *profile, uint32_t stack)
{
    enum { CALLERS = 2 };
    struct callpath path = {0};
    size_t place = 0;
    callpath_expand(&path, profile, stack, false);
    for (size_t i = path.entries.count; i-- > 0;)
        if ((callpath_traits(profile, &path.entries.items[i]) & (CALLPATH_SYSTEM | CALLPATH_CUT)) ==
            0)
            place = i;
    if (path.entries.count == 0)
        textbuf_put(buffer, "(no stack was recorded)");
    for (size_t i = place; i < path.entries.count && i <= place + CALLERS; i++) {
        textbuf_put(buffer, i != place ? " < " : "");
        text_changes_put_function(buffer, style, profile, &path.entries.items[i]);
    }
    if (path.entries.count != 0)
        text_changes_put_line(buffer, profile, &path.entries.items[place]);
    callpath_free(&path);
}

/* Columns of the numbers. */
struct text_changes_widths {
    size_t bytes, blocks, before;
};

static void text_changes_number(struct textbuf *text, uint64_t before, uint64_t after)
{
    textbuf_put(text, after > before ? "+" : after < before ? "-" : "");
    style_put_number(text, after > before ? after - before : before - after);
}

static void text_changes_widen(size_t *width, uint64_t before, uint64_t after)
{
    struct textbuf text = {0};
    text_changes_number(&text, before, after);
    *width = text.bytes.count > *width ? text.bytes.count : *width;
    textbuf_free(&text);
}

static void text_changes_column(struct textbuf *line, uint64_t before, uint64_t after, size_t width)
{
    struct textbuf text = {0};
    text_changes_number(&text, before, after);
    textbuf_format(line, "%*s  ", (int)width, textbuf_text(&text));
    textbuf_free(&text);
}

static void text_changes_row(const struct style *style, const struct profile *profile,
                             const struct text_changes_widths *widths, const struct change *change)
{
    static const enum style_paint paints[] = {STYLE_RED, STYLE_RED, STYLE_YELLOW, STYLE_YELLOW};
    enum changes_status status = changes_status(change);
    struct textbuf line = {0}, text = {0};
    textbuf_put(&text, " ");
    text_changes_column(&text, change->bytes[0], change->bytes[1], widths->bytes);
    text_changes_column(&text, change->blocks[0], change->blocks[1], widths->blocks);
    textbuf_format(&text, "%-6s  ", changes_word(status));
    style_put(style, &line, paints[status], textbuf_text(&text));
    textbuf_clear(&text);
    textbuf_format(&line, "%-9s  ", catalog_leak_kind(change->kind));
    textbuf_clear(&text);
    style_put_number(&text, change->bytes[0]);
    textbuf_format(&line, "%*s  ", (int)widths->before, textbuf_text(&text));
    textbuf_clear(&text);
    text_changes_put_place(&text, style, profile, change->stack);
    size_t used = 1 + widths->bytes + widths->blocks + widths->before + 27;
    style_put_cut(style, &line, textbuf_text(&text), style_room(style, used));
    textbuf_put(&line, "\n");
    style_flush(style, &line);
    textbuf_free(&line);
    textbuf_free(&text);
}

void text_changes(const struct view *view)
{
    const struct changes *changes = view->changes;
    size_t counts[CHANGES_STATUSES] = {0}, shown = 0, left = 0;
    struct textbuf buffer = {0};
    for (size_t i = 0; i < changes->items.count; i++)
        counts[changes_status(&changes->items.items[i])]++;
    for (int status = 0; status < CHANGES_STATUSES; status++) {
        textbuf_format(&buffer, "%s%zu %s", status != 0 ? ", " : "", counts[status],
                       changes_word((enum changes_status)status));
    }
    textbuf_put(&buffer, "\n");
    struct text_changes_widths widths = {strlen("bytes"), strlen("blocks"), strlen("before")};
    for (size_t i = 0; i < changes->items.count; i++) {
        const struct change *change = &changes->items.items[i];
        text_changes_widen(&widths.bytes, change->bytes[0], change->bytes[1]);
        text_changes_widen(&widths.blocks, change->blocks[0], change->blocks[1]);
        text_changes_widen(&widths.before, 0, change->bytes[0]);
    }
    if (counts[CHANGES_SAME] != changes->items.count) {
        struct textbuf heading = {0};
        textbuf_format(&heading, " %*s  %*s  change  %-9s  %*s  allocated in", (int)widths.bytes,
                       "bytes", (int)widths.blocks, "blocks", "kind", (int)widths.before, "before");
        style_put(&view->style, &buffer, STYLE_BOLD, textbuf_text(&heading));
        textbuf_put(&buffer, "\n");
        textbuf_free(&heading);
    }
    style_flush(&view->style, &buffer);
    textbuf_free(&buffer);
    for (size_t i = 0; i < changes->items.count; i++) {
        const struct change *change = &changes->items.items[i];
        if (changes_status(change) == CHANGES_SAME)
            continue;
        if (view->limit != 0 && shown == view->limit) {
            left++;
            continue;
        }
        text_changes_row(&view->style, view->profile, &widths, change);
        shown++;
    }
    if (left != 0) {
        fprintf(view->style.out, "(%zu more change%s; --limit shows them)\n", left,
                left == 1 ? "" : "s");
    }
}
