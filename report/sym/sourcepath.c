/* SPDX-License-Identifier: MIT */
#include "sym/sourcepath.h"

#include "util/xalloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Length of `path` without its last part and the slash before it; of "a", 0. */
static size_t sourcepath_parent(const char *path, size_t length)
{
    while (length != 0 && path[length - 1] != '/')
        length--;
    return length > 1 ? length - 1 : length;
}

/* Says whether the last part of `path` can be taken back: there is one, and it is not "..". */
static bool sourcepath_known(const char *path, size_t length)
{
    size_t parent = sourcepath_parent(path, length);
    const char *last = path + parent + (parent < length && path[parent] == '/');
    size_t size = (size_t)(path + length - last);
    return size != 0 && !(size == 2 && memcmp(last, "..", 2) == 0);
}

char *sourcepath_join(const char *folder, const char *file)
{
    char *path = folder != NULL && file[0] != '/' ? xalloc_format("%s/%s", folder, file)
                                                  : xalloc_text(file, strlen(file));
    size_t length = 0;
    const char *next = path;
    if (path[0] == '/')
        length = 1;
    while (*next != '\0') {
        size_t part = strcspn(next, "/");
        bool up = part == 2 && memcmp(next, "..", 2) == 0;
        if (up && length == 1 && path[0] == '/') {
            /* The root is its own parent. */
        } else if (up && sourcepath_known(path, length)) {
            length = sourcepath_parent(path, length);
        } else if (part != 0 && !(part == 1 && next[0] == '.')) {
            if (length != 0 && path[length - 1] != '/')
                path[length++] = '/';
            memmove(path + length, next, part);
            length += part;
        }
        next += part + (next[part] == '/');
    }
    path[length] = '\0';
    return path;
}
