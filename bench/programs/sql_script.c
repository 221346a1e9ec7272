/* SPDX-License-Identifier: MIT
 *
 * Runs an SQL script on a database in memory and prints each row of results, values separated by
 * '|'.
 *
 *     sql_script FILE
 */
#include "sqlite3.h"

#include <stdio.h>
#include <stdlib.h>

static int print_row(void *unused, int columns, char **values, char **names)
{
    (void)unused;
    (void)names;
    for (int i = 0; i < columns; i++)
        printf("%s%s", i == 0 ? "" : "|", values[i] != NULL ? values[i] : "");
    putchar('\n');
    return 0;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (text != NULL && fread(text, 1, (size_t)size, file) == (size_t)size)
        text[size] = '\0';
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    sqlite3 *database = NULL;
    char *script = argc == 2 ? read_file(argv[1]) : NULL, *message = NULL;
    if (script == NULL || sqlite3_open(":memory:", &database) != SQLITE_OK)
        return 2;
    if (sqlite3_exec(database, script, print_row, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "%s\n", message);
        return 1;
    }
    sqlite3_close(database);
    free(script);
    return 0;
}
