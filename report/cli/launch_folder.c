/* SPDX-License-Identifier: MIT */
#include "cli/launch_folder.h"

#include "cli/launch_marks.h"
#include "cli/launch_text.h"
#include "mmtrace.h"
#include "util/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *launch_folder_make(const char *keep)
{
    const char *base = getenv("TMPDIR");
    char *path = keep                     ? xalloc_format("%s/" MMT_FOLDER_KEPT "XXXXXX", keep)
                 : base && base[0] == '/' ? xalloc_format("%s/" MMT_FOLDER "XXXXXX", base)
                                          : xalloc_format("/tmp/" MMT_FOLDER "XXXXXX");
    /* Children that give up root's rights must still be able to leave their trace there. */
    if (mkdtemp(path) && (geteuid() != 0 || chmod(path, 01733) == 0))
        return path;
    launch_fail("cannot make a directory for traces in %.*s: %s", (int)(strrchr(path, '/') - path),
                path, strerror(errno));
    free(path);
    return NULL;
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);
    return length > end && strcmp(name + length - end, suffix) == 0;
}

bool launch_folder_has_traces(const char *path)
{
    DIR *directory = opendir(path);
    bool found = false;
    for (struct dirent *entry; directory && !found && (entry = readdir(directory));)
        found = ends_in(entry->d_name, MMT_SUFFIX) || ends_in(entry->d_name, MMT_MARK_SUFFIX);
    if (directory)
        closedir(directory);
    return found;
}

void launch_folder_leave(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0)
        chmod(path, (status.st_mode & 07777) | MMT_FOLDER_LEFT);
}

/* Gives a file a new name that nothing has. A process that still runs may do the same with it: one
 * of the two fails. */
static int move(int from, const char *name, int to, const char *target)
{
    if (renameat2(from, name, to, target, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    return linkat(from, name, to, target, 0) ? -1 : unlinkat(from, name, 0);
}

/* Moves a trace where it is to stay, under its name or the next free one. */
static void keep_file(int from, int to, const char *name)
{
    size_t stem = strlen(name);
    const char *dot = strrchr(name, '.');
    if (dot)
        stem = (size_t)(dot - name);
    char *target = xalloc_format("%s", name);
    for (unsigned i = 2; move(from, name, to, target); i++) {
        if (errno != EEXIST || i > 10000) {
            if (errno != ENOENT)
                launch_say("%s: cannot be kept: %s", name, strerror(errno));
            break;
        }
        free(target);
        target = xalloc_format("%.*s-%u%s", (int)stem, name, i, name + stem);
    }
    free(target);
}

/* Files whose process still writes to them. */
static bool is_in_use(int directory, const char *name)
{
    return ends_in(name, MMT_SUFFIX)
               ? strstr(name, MMT_LIVE_TAG) != NULL
               : !ends_in(name, MMT_MARK_SUFFIX) || launch_marks_outlives(directory, name);
}

void launch_folder_clear(const char *path, const char *keep, bool left)
{
    DIR *directory = opendir(path);
    if (!directory)
        return;
    int to = keep ? open(keep, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    for (struct dirent *entry; (entry = readdir(directory));) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            (left && is_in_use(dirfd(directory), name)))
            continue;
        if (to >= 0 && !launch_marks_ended(dirfd(directory), name))
            keep_file(dirfd(directory), to, name);
        unlinkat(dirfd(directory), name, 0);
    }
    if (to >= 0)
        close(to);
    closedir(directory);
    rmdir(path);
}
