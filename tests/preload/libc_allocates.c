// SPDX-License-Identifier: MIT
// Nothing is reported: what libc allocates for the program is freed by the program.
#define _GNU_SOURCE
#include "wipe.h"
#include <dirent.h>
#include <locale.h>
#include <stdio.h>

int main(void)
{
    char *text = strdup("text"), *formatted = NULL, *line = NULL;
    size_t size = 0;
    REQUIRE(asprintf(&formatted, "%s %d", text, 5) == 6);
    FILE *file = fopen("/proc/self/maps", "r");
    while (getline(&line, &size, file) > 0)
        continue;
    fclose(file);
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory))
        continue;
    closedir(directory);
    free(realpath("/proc/self/exe", NULL));
    free(getcwd(NULL, 0));
    setlocale(LC_ALL, "C");
    free(text);
    free(formatted);
    free(line);
    say("after");
    return 0;
}
