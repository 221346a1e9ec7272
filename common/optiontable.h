/* SPDX-License-Identifier: MIT
 *
 * The options of include/mmoptions.def and the grammar of MMGUARD_OPTIONS, for libguard and for
 * mmguard alike. What an option is for, and how a mistake is told, is theirs.
 */
#ifndef OPTIONTABLE_H
#define OPTIONTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_type {
    OPTION_BOOL,
    OPTION_INT,
    OPTION_ENUM,
    OPTION_CHOICE,
    OPTION_SIZE,
    OPTION_SET,
    OPTION_PATH
};

enum option_index {
#define MM_OPTION(name, type, initial, values, help) OPTION_##name,
#include "mmoptions.def"
#undef MM_OPTION
    OPTION_ROWS
};

struct option_row {
    const char *name;
    enum option_type type;
    const char *initial, *values; /* as in the table */
};

extern const struct option_row option_rows[OPTION_ROWS];

/* The row with this name, or -1. */
int option_find(const char *name);

/* Sets the number that a text means for this option; of a path, which may be any text, none.
 * Returns false if it means nothing. */
bool option_number(const struct option_row *row, const char *text, int64_t *number);

/* Whether the text is a word for yes (1) or no (0). */
bool option_bool(const char *text, int64_t *number);

/* The index of `text` among words with '|' between them, or -1. */
int option_word(const char *text, const char *words);

/* Takes the next key=value of a list: both without their escapes, `value` being "" where there is
 * no '=', which *has_value tells. Each has room for `size` bytes. Returns where the next one
 * starts, or NULL if this one is too long. */
const char *option_split(const char *text, char *name, char *value, size_t size, bool *has_value);

#endif
