/* SPDX-License-Identifier: MIT */
#include "base/options.h"

#include <errno.h>
#include <stdbool.h>

#include "base/bits.h"
#include "base/print.h"

enum type { BOOL, INT, ENUM, CHOICE, SIZE, PATH };

struct entry {
    const char *name;
    enum type type;
    const char *initial, *values;
    size_t offset;
};

static const struct entry table[] = {
#define MM_OPTION(name, type, default_value, values, help)                                         \
    {#name, type, default_value, values, offsetof(struct options, name)},
#include "mmoptions.def"
#undef MM_OPTION
};

#define LONGEST 4096

/* Optimal string alignment without transpositions (Levenshtein), of short names. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[64];
    unsigned length = (unsigned)min_size(text_length(b), ARRAY_LENGTH(row) - 1);
    for (unsigned i = 0; i <= length; i++)
        row[i] = i;
    for (unsigned i = 1; a[i - 1] && i < ARRAY_LENGTH(row); i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned best = diagonal + (a[i - 1] != b[j - 1]);
            best = (unsigned)min_size(best, min_size(row[j], row[j - 1]) + 1);
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[length];
}

static bool word_equals(const char *text, const char *word, size_t length)
{
    return text_length(text) == length && __builtin_strncmp(text, word, length) == 0;
}

/* The index of `text` among the words of `words`, or -1. */
static int word_index(const char *text, const char *words)
{
    for (int index = 0;; index++) {
        size_t length = 0;
        while (words[length] && words[length] != '|')
            length++;
        if (word_equals(text, words, length))
            return index;
        if (!words[length])
            return -1;
        words += length + 1;
    }
}

static bool parse_number(const char **text, int64_t *value)
{
    const char *at = *text;
    *value = 0;
    while (*at >= '0' && *at <= '9' && *value < (int64_t)1 << 48)
        *value = *value * 10 + (*at++ - '0');
    bool any = at != *text;
    *text = at;
    return any;
}

static bool parse_integer(const char *text, const char *range, int64_t *value)
{
    int64_t low, high;
    parse_number(&range, &low);
    range += 2;
    parse_number(&range, &high);
    return parse_number(&text, value) && !*text && *value >= low && *value <= high;
}

static bool parse_bool(const char *text, int64_t *value)
{
    static const char words[] = "0|1|no|yes|false|true|off|on";
    int index = word_index(text, words);
    *value = index & 1;
    return index >= 0;
}

/* The last of the alternatives is the number, with or without a word before it. */
static bool parse_choice(const char *text, const char *values, int64_t *value)
{
    const char *range = values;
    for (const char *c = values; *c; c++)
        if (*c == '|')
            range = c + 1;
    int index = word_index(text, values);
    if (index >= 0) {
        *value = -1 - index;
        return true;
    }
    for (; *range && (*range < '0' || *range > '9'); range++, text++)
        if (*range != *text)
            return false;
    return parse_integer(text, range, value);
}

static bool parse_size(const char *text, const char *words, int64_t *value)
{
    int index = word_index(text, words);
    if (index >= 0) {
        *value = index == 0 ? -1 : 0; /* auto, none */
        return true;
    }
    if (!parse_number(&text, value))
        return false;
    static const char units[] = "KMGT";
    for (int i = 0; units[i]; i++) {
        if (*text == units[i] && *value < (int64_t)1 << (62 - 10 * (i + 1))) {
            *value <<= 10 * (i + 1);
            text++;
            break;
        }
    }
    return !*text && *value > 0;
}

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

static bool set(struct options *options, const struct entry *entry, const char *value)
{
    void *field = (char *)options + entry->offset;
    int64_t *number = field;
    switch (entry->type) {
    case BOOL:
        return parse_bool(value, number);
    case INT:
        return parse_integer(value, entry->values, number);
    case ENUM:
        *number = word_index(value, entry->values);
        return *number >= 0;
    case CHOICE:
        return parse_choice(value, entry->values, number);
    case SIZE:
        return parse_size(value, entry->values, number);
    case PATH:
        return options_set_path(field, value);
    }
    return false;
}

static const struct entry *options_find(const char *name, const struct entry **nearest)
{
    unsigned best = ~0u;
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        unsigned d = distance(name, table[i].name);
        if (d == 0)
            return &table[i];
        if (d < best) {
            best = d;
            *nearest = &table[i];
        }
    }
    return NULL;
}

static int unknown(struct print *p, const char *name, const struct entry *nearest)
{
    print_text(p, "unknown option '");
    print_foreign(p, name, text_length(name));
    print_text(p, "'; did you mean '");
    print_text(p, nearest->name);
    print_text(p, "'?");
    print_end(p);
    return -EINVAL;
}

static int bad_value(struct print *p, const struct entry *entry, const char *value)
{
    print_text(p, "option '");
    print_text(p, entry->name);
    print_text(p, "' cannot be '");
    print_foreign(p, value, text_length(value));
    print_text(p, "'; it takes ");
    print_text(p, entry->type == BOOL ? "0 or 1" : entry->type == PATH ? "a path" : entry->values);
    if (entry->type == SIZE)
        print_text(p, " or bytes, with K, M, G or T behind the number");
    print_end(p);
    return -EINVAL;
}

/* One key=value, up to an unescaped ':'. Returns where the next one starts, or NULL if it is too
 * long. */
static const char *options_split(const char *text, char *name, char *value)
{
    char *to = name;
    size_t used = 0;
    for (; *text && (*text != ':' || (text[1] >= '0' && text[1] <= '9')); text++) {
        if (*text == '=' && to == name) {
            to[used] = 0;
            to = value;
            used = 0;
            continue;
        }
        if (*text == '\\' && (text[1] == ':' || text[1] == '\\'))
            text++;
        if (used == LONGEST - 1)
            return NULL;
        to[used++] = *text;
    }
    to[used] = 0;
    if (to == name)
        value[0] = 0;
    return *text ? text + 1 : text;
}

int options_parse(struct options *options, const char *text, char *message, size_t size)
{
    static char name[LONGEST], value[LONGEST];
    struct print p;
    print_to_buffer(&p, message, size);
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
        set(options, &table[i], table[i].initial);
    while (text && *text) {
        text = options_split(text, name, value);
        if (!text) {
            print_text(&p, "an option is too long");
            print_end(&p);
            return -EINVAL;
        }
        if (!name[0] && !value[0])
            continue;
        const struct entry *nearest = NULL, *entry = options_find(name, &nearest);
        if (!entry)
            return unknown(&p, name, nearest);
        if (!set(options, entry, value))
            return bad_value(&p, entry, value);
    }
    if (!is_power_of_two((size_t)options->align)) {
        print_text(&p, "option 'align' must be a power of two");
        print_end(&p);
        return -EINVAL;
    }
    return 0;
}
