/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any text as MMGUARD_OPTIONS, as a list of mmreport's arguments, as a name to be
 * shortened and as a path to be joined.
 */
#include "fuzz.h"

#include "base/options.h"
#include "cli/arguments.h"
#include "sym/demangle.h"
#include "sym/sourcepath.h"
#include "util/escape.h"
#include "util/shortname.h"

#include <stdlib.h>
#include <string.h>

static void fuzz_arguments(char *text, unsigned command)
{
    char *words[16] = {"tree"};
    int count = 1;
    for (char *word = strtok(text, "\n"); word != NULL && count < 15; word = strtok(NULL, "\n")) {
        words[count++] = word;
    }
    struct arguments arguments;
    arguments_read(&arguments, (enum arguments_command)command, count, words);
    arguments_free(&arguments);
}

int fuzz_options(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), message[256];
    struct options options;
    if (text == NULL || size > 4096) {
        free(text);
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    options_parse(&options, text, message, sizeof message);
    struct textbuf name = {0};
    for (unsigned flags = 0; flags < 4; flags++) {
        shortname_put(&name, text, flags);
    }
    textbuf_free(&name);
    free(demangle_name(text));
    free(sourcepath_join("/folder", text));
    free(escape_text(text, size));
    fuzz_arguments(text, 1u << (size != 0 ? data[0] % 10 : 0));
    free(text);
    return 0;
}
