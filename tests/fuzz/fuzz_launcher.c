/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: a first line as MMGUARD_OPTIONS and the others as mmguard's command line, its flags
 * and Valgrind's.
 */
#include "fuzz.h"

#include "cli/launch_options.h"

#include <stdlib.h>
#include <string.h>

int fuzz_launcher(const uint8_t *data, size_t size)
{
    enum { WORDS = 16, LONGEST = 1024 };
    static char text[LONGEST + 1], *words[WORDS + 1];
    struct launch_options options;
    int count = 1;
    if (size > LONGEST) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    char *rest = text + strcspn(text, "\n");
    *rest = '\0';
    rest += rest < text + size;
    setenv("MMGUARD_OPTIONS", text, 1);
    words[0] = "mmguard";
    for (char *word = strtok(rest, "\n"); word != NULL && count < WORDS;
         word = strtok(NULL, "\n")) {
        words[count++] = word;
    }
    words[count] = NULL;
    if (launch_options_read(&options, count, words) == 0) {
        for (int i = 0; i < OPTION_ROWS; i++) {
            launch_options_number(&options, (enum option_index)i);
            launch_options_text(&options, (enum option_index)i);
        }
        free(launch_options_join(&options));
    }
    textbuf_free(&options.flags.suppressions);
    return 0;
}
