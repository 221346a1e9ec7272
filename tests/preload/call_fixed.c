// SPDX-License-Identifier: MIT
// Nothing is reported: checked functions at the borders of blocks, with texts that fill them, sizes that are larger than what is used, memory that
// touches, and no memory at all.
#include "wipe.h"
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

int main(void)
{
    for (size_t size = 1; size < 300; size++) {
        char *block = malloc(size), *other = malloc(size), line[16];
        memset(block, 'x', size);
        memcpy(other, block, size);
        REQUIRE(memcmp(other, block, size) == 0);
        REQUIRE(memchr(block, 'x', SIZE_MAX) == block);
        REQUIRE(strnlen(block, size) == size);
        REQUIRE(strncmp(block, other, size) == 0);
        REQUIRE(strncmp(block, "y", 1000) < 0 && strcmp(block, "y") < 0);
        REQUIRE(strchr(block, 'x') == block);
        REQUIRE(strstr(block, "x") == block);
        REQUIRE(strcspn(block, "x") == 0);
        char *copy = strndup(block, size);
        REQUIRE(strlen(copy) == size);
        strncpy(other, copy, size);
        other[size - 1] = 0;
        REQUIRE(strlen(other) == size - 1);
        strcpy(block, other);
        block[0] = 0;
        strncat(block, other, size - 1);
        REQUIRE(strcmp(block, other) == 0);
        REQUIRE(snprintf(block, 100000, "%s", other) == (int)size - 1);
        REQUIRE(sprintf(block, "%s", other) == (int)size - 1);
        REQUIRE(snprintf(NULL, 0, "%s", other) == (int)size - 1 && snprintf(block, 1, "%s", other) == (int)size - 1);
        memmove(block, block + size / 2, size - size / 2);
        memcpy(block, block + size - size / 2, size / 2);
        memcpy(block, block, size);
        memcpy(block + size, other, 0);
        memset(block + size, 0, 0);
        wchar_t *wide = malloc(size * sizeof(wchar_t)), *same = malloc(size * sizeof(wchar_t));
        wmemset(wide, L'x', size);
        wide[size - 1] = 0;
        REQUIRE(wcslen(wide) == size - 1);
        wcscpy(same, wide);
        wcsncpy(same, wide, size);
        REQUIRE(wcscmp(same, wide) == 0 && swprintf(same, size, L"%ls", wide) == (int)size - 1);
        free(wide);
        free(same);
        free(copy);
        free(block);
        free(other);
    }
    char *saved, *text = strdup("a b"), *next = text;
    REQUIRE(!strcmp(strtok_r(text, " ", &saved), "a") && !strcmp(strtok_r(NULL, " ", &saved), "b") && !strtok_r(NULL, " ", &saved));
    next = NULL;
    REQUIRE(!strsep(&next, " "));
    free(text);
    say("after");
    return 0;
}
