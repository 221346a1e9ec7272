/* SPDX-License-Identifier: MIT
 *
 * Nothing here calls a function of libc: libguard reads its options before libc is ready.
 */
#include "common/optiontable.h"

const struct option_row option_rows[OPTION_ROWS] = {
#define MM_OPTION(name, type, initial, values, help) {#name, OPTION_##type, initial, values},
#include "mmoptions.def"
#undef MM_OPTION
};

static bool option_is(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

int option_find(const char *name)
{
    for (int i = 0; i < OPTION_ROWS; i++)
        if (option_is(option_rows[i].name, name))
            return i;
    return -1;
}

int option_word(const char *text, const char *words)
{
    for (int index = 0;; index++) {
        size_t length = 0;
        while (text[length] && text[length] != '|' && text[length] == words[length])
            length++;
        if (!text[length] && (!words[length] || words[length] == '|'))
            return index;
        while (*words && *words != '|')
            words++;
        if (!*words++)
            return -1;
    }
}

static bool option_digits(const char **text, int64_t *value)
{
    const char *at = *text;
    *value = 0;
    while (*at >= '0' && *at <= '9' && *value < (int64_t)1 << 48)
        *value = *value * 10 + (*at++ - '0');
    bool any = at != *text;
    *text = at;
    return any;
}

static bool option_integer(const char *text, const char *range, int64_t *value)
{
    int64_t low, high;
    option_digits(&range, &low);
    range += 2;
    option_digits(&range, &high);
    return option_digits(&text, value) && !*text && *value >= low && *value <= high;
}

bool option_bool(const char *text, int64_t *number)
{
    int index = option_word(text, "0|1|no|yes|false|true|off|on");
    *number = index & 1;
    return index >= 0;
}

/* The last of the alternatives is the number, with or without a word before it. */
static bool option_choice(const char *text, const char *values, int64_t *value)
{
    const char *range = values;
    for (const char *c = values; *c; c++)
        if (*c == '|')
            range = c + 1;
    int index = option_word(text, values);
    if (index >= 0) {
        *value = -1 - index;
        return true;
    }
    for (; *range && (*range < '0' || *range > '9'); range++, text++)
        if (*range != *text)
            return false;
    return option_integer(text, range, value);
}

static bool option_size(const char *text, const char *words, int64_t *value)
{
    int index = option_word(text, words);
    if (index >= 0) {
        *value = index == 0 ? -1 : 0; /* auto, none */
        return true;
    }
    if (!option_digits(&text, value))
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

static bool option_set(const char *text, const char *words, int64_t *set)
{
    *set = 0;
    if (option_is(text, "none"))
        return true;
    for (;; text++) {
        char word[32];
        size_t length = 0;
        while (text[length] && text[length] != ',' && length < sizeof(word) - 1) {
            word[length] = text[length];
            length++;
        }
        word[length] = 0;
        int index = option_word(word, words);
        if (index < 0)
            return false;
        *set |= (int64_t)1 << index;
        text += length;
        if (!*text)
            return true;
        if (*text != ',')
            return false;
    }
}

bool option_number(const struct option_row *row, const char *text, int64_t *number)
{
    switch (row->type) {
    case OPTION_BOOL:
        return option_bool(text, number);
    case OPTION_INT:
        return option_integer(text, row->values, number);
    case OPTION_ENUM:
        *number = option_word(text, row->values);
        return *number >= 0;
    case OPTION_CHOICE:
        return option_choice(text, row->values, number);
    case OPTION_SIZE:
        return option_size(text, row->values, number);
    case OPTION_SET:
        return option_set(text, row->values, number);
    case OPTION_PATH:
        return true;
    }
    return false;
}

/* A ':' before a digit does not end a value. */
const char *option_split(const char *text, char *name, char *value, size_t size, bool *has_value)
{
    char *to = name;
    size_t used = 0;
    *has_value = false;
    value[0] = 0;
    for (; *text && (*text != ':' || (text[1] >= '0' && text[1] <= '9')); text++) {
        if (*text == '=' && !*has_value) {
            to[used] = 0;
            to = value;
            used = 0;
            *has_value = true;
            continue;
        }
        if (*text == '\\' && (text[1] == ':' || text[1] == '\\'))
            text++;
        if (used == size - 1)
            return NULL;
        to[used++] = *text;
    }
    to[used] = 0;
    return *text ? text + 1 : text;
}
