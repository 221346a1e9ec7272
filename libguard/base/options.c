/* SPDX-License-Identifier: MIT */
#include "base/options.h"

#include <errno.h>
#include <stdbool.h>

#include "base/bits.h"
#include "base/print.h"
#include "common/editdistance.h"
#include "common/optiontable.h"

static const size_t offsets[OPTION_ROWS] = {
#define MM_OPTION(name, type, initial, values, help) offsetof(struct options, name),
#include "mmoptions.def"
#undef MM_OPTION
};

#define LONGEST 4096

/* Text of all paths together; static, since the options come before everything that can fail. */
static char path_texts[4 * LONGEST];
static size_t path_used;

static bool options_set_path(const char **field, const char *value)
{
    size_t length = text_length(value) + 1;
    if (length == 1) {
        *field = "";
        return true;
    }
    if (length > sizeof(path_texts) - path_used)
        return false;
    char *copy = path_texts + path_used;
    path_used += length;
    copy_bytes(copy, value, text_length(value));
    *field = copy;
    return true;
}

static bool set(struct options *options, int option, const char *value)
{
    void *field = (char *)options + offsets[option];
    if (option_rows[option].type == OPTION_PATH)
        return options_set_path(field, value);
    return option_number(&option_rows[option], value, field);
}

static int unknown(struct print *p, const char *name)
{
    const char *nearest = option_rows[0].name;
    unsigned best = EDITDISTANCE_FAR;
    for (int i = 0; i < OPTION_ROWS; i++) {
        unsigned edits = editdistance(name, option_rows[i].name);
        if (edits < best) {
            best = edits;
            nearest = option_rows[i].name;
        }
    }
    print_text(p, "unknown option '");
    print_foreign(p, name, text_length(name));
    print_text(p, "'; did you mean '");
    print_text(p, nearest);
    print_text(p, "'?");
    print_end(p);
    return -EINVAL;
}

static int bad_value(struct print *p, const struct option_row *row, const char *value)
{
    print_text(p, "option '");
    print_text(p, row->name);
    print_text(p, "' cannot be '");
    print_foreign(p, value, text_length(value));
    print_text(p, "'; it takes ");
    print_text(p, row->type == OPTION_BOOL   ? "0 or 1"
                  : row->type == OPTION_PATH ? "a path"
                                             : row->values);
    if (row->type == OPTION_SET)
        print_text(p, " with commas between them, or none");
    if (row->type == OPTION_SIZE)
        print_text(p, " or bytes, with K, M, G or T behind the number");
    print_end(p);
    return -EINVAL;
}

int options_parse(struct options *options, const char *text, char *message, size_t size)
{
    static char name[LONGEST], value[LONGEST];
    struct print p;
    print_to_buffer(&p, message, size);
    for (int i = 0; i < OPTION_ROWS; i++)
        set(options, i, option_rows[i].initial);
    while (text && *text) {
        bool has_value;
        text = option_split(text, name, value, LONGEST, &has_value);
        if (!text) {
            print_text(&p, "an option is too long");
            print_end(&p);
            return -EINVAL;
        }
        if (!name[0] && !value[0])
            continue;
        int option = option_find(name);
        if (option < 0)
            return unknown(&p, name);
        if (!set(options, option, value))
            return bad_value(&p, &option_rows[option], value);
    }
    if (!is_power_of_two((size_t)options->align)) {
        print_text(&p, "option 'align' must be a power of two");
        print_end(&p);
        return -EINVAL;
    }
    return 0;
}
