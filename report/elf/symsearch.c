/* SPDX-License-Identifier: MIT */
#include "elf/symsearch.h"

#include "util/regularfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *symsearch_join(const char *folder, const char *rest)
{
    return xalloc_format("%s/%s", folder, rest);
}

/* A folder below the user's cache folder, NULL if there is no such thing. */
static char *symsearch_cache_folder(const char *name)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache != NULL && cache[0] == '/')
        return symsearch_join(cache, name);
    return home != NULL && home[0] == '/' ? xalloc_format("%s/.cache/%s", home, name) : NULL;
}

/* The folder is chosen as elfutils' client does it. */
static char *symsearch_debuginfod_folder(void)
{
    const char *chosen = getenv("DEBUGINFOD_CACHE_PATH"), *home = getenv("HOME");
    if (chosen != NULL && chosen[0] != '\0')
        return xalloc_text(chosen, strlen(chosen));
    char *old = xalloc_format("%s/.debuginfod_client_cache", home != NULL ? home : "");
    struct stat status;
    if (home != NULL && home[0] == '/' && stat(old, &status) == 0)
        return old;
    free(old);
    return symsearch_cache_folder("debuginfod_client");
}

void symsearch_init(struct symsearch *search)
{
    *search = (struct symsearch){0};
    search->cache = symsearch_cache_folder("mmreport");
    search->debuginfod = symsearch_debuginfod_folder();
}

void symsearch_free(struct symsearch *search)
{
    free((char *)search->cache);
    free((char *)search->debuginfod);
    VEC_FREE(&search->maps);
}

bool symsearch_add_map(struct symsearch *search, const char *text, struct failure *failure)
{
    const char *equals = strchr(text, '=');
    if (text[0] == '\0' || equals == NULL || equals == text || equals[1] == '\0')
        return failure_set(failure, "'%s' is not of the form FROM=TO", text);
    size_t length = (size_t)(equals - text);
    while (length > 1 && text[length - 1] == '/')
        length--;
    *VEC_PUSH(&search->maps) = (struct symsearch_map){text, length, equals + 1};
    return true;
}

static const struct symsearch_map *symsearch_find(const struct symsearch *search, const char *path)
{
    for (size_t i = 0; i < search->maps.count; i++) {
        const struct symsearch_map *map = &search->maps.items[i];
        if (strncmp(path, map->from, map->length) == 0 &&
            (path[map->length] == '/' || path[map->length] == '\0' || map->length == 1))
            return map;
    }
    return NULL;
}

char *symsearch_place(const struct symsearch *search, const char *path, unsigned i)
{
    const struct symsearch_map *map = symsearch_find(search, path);
    if (map != NULL) {
        if (i == 0)
            return xalloc_format("%s%s", map->to, path + map->length);
        i--;
    }
    if (search->sysroot != NULL && path[0] == '/') {
        if (i == 0)
            return xalloc_format("%s%s", search->sysroot, path);
        i--;
    }
    return i == 0 ? xalloc_text(path, strlen(path)) : NULL;
}

int symsearch_open_file(const char *path)
{
    struct stat status;
    /* Opening a device may do things. */
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? regularfile_open(path) : -1;
}

int symsearch_open(const struct symsearch *search, const char *path)
{
    int descriptor = -1;
    char *place;
    for (unsigned i = 0; descriptor < 0 && (place = symsearch_place(search, path, i)) != NULL;
         i++) {
        descriptor = symsearch_open_file(place);
        free(place);
    }
    return descriptor;
}

char *symsearch_debug(const struct symsearch *search, unsigned i)
{
    const char *next = search->debug != NULL ? search->debug : SYMSEARCH_DEBUG;
    bool below = search->sysroot != NULL && search->debug == NULL;
    if (below) {
        if (i == 0)
            return xalloc_format("%s%s", search->sysroot, SYMSEARCH_DEBUG);
        i--;
    }
    for (; i != 0; i--) {
        next = strchr(next, ':');
        if (next == NULL)
            return NULL;
        next++;
    }
    return xalloc_text(next, strcspn(next, ":"));
}
