/* SPDX-License-Identifier: MIT */
#include "load/load.h"

#include "load/arrange.h"
#include "load/marks.h"
#include "util/progress.h"
#include "util/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A larger file may have holes worth leaving out. */
#define LOAD_SPARSE ((size_t)16 << 20)

/* No trace has more holes: live files are of 512 MiB at most. */
#define LOAD_HOLES (UINT64_C(1) << 30)

/* How much of a regular file is holes; 0 where the file system does not tell. */
static uint64_t load_holes(int descriptor, uint64_t size)
{
    uint64_t data = 0;
    for (off_t at = 0; (uint64_t)at < size;) {
        off_t begin = lseek(descriptor, at, SEEK_DATA);
        if (begin < 0)
            return errno == ENXIO ? size - data : 0;
        at = lseek(descriptor, begin, SEEK_HOLE);
        if (at <= begin)
            return 0;
        data += (uint64_t)(at - begin);
    }
    return size > data ? size - data : 0;
}

/* Reads a regular file without its holes, of which a live file mostly consists. False if that is
 * not possible. */
static bool load_data(int descriptor, uint8_t *data, uint64_t size)
{
    for (off_t at = 0; (uint64_t)at < size;) {
        off_t begin = lseek(descriptor, at, SEEK_DATA);
        if (begin < 0)
            return errno == ENXIO; /* nothing but a hole is left */
        off_t end = lseek(descriptor, begin, SEEK_HOLE);
        for (at = begin; at < end && (uint64_t)at < size;) {
            uint64_t left = ((uint64_t)end < size ? (uint64_t)end : size) - (uint64_t)at;
            ssize_t got = pread(descriptor, data + at, left, at);
            if (got <= 0)
                return false;
            at += got;
        }
        if (end < 0)
            return false;
    }
    return true;
}

/* The file is read, not mapped: it may still be written to, or shrink under our hands. */
static uint8_t *load_read_all(int descriptor, const char *name, uint64_t *size,
                              struct failure *failure)
{
    struct stat status;
    size_t capacity = 1 << 16;
    if (fstat(descriptor, &status) == 0 && status.st_size > 0)
        capacity = (size_t)status.st_size + 1;
    if (capacity > LOAD_HOLES && S_ISREG(status.st_mode) &&
        load_holes(descriptor, (uint64_t)status.st_size) > LOAD_HOLES) {
        failure_set(failure,
                    "%s: more than %" PRIu64 " bytes of it are holes; no trace has so many", name,
                    (uint64_t)LOAD_HOLES);
        return NULL;
    }
    uint8_t *data = calloc(capacity, 1);
    if (data == NULL) {
        failure_set(failure, "%s: there is no memory for its %zu bytes", name, capacity - 1);
        return NULL;
    }
    if (capacity > LOAD_SPARSE && S_ISREG(status.st_mode) &&
        load_data(descriptor, data, (uint64_t)status.st_size)) {
        *size = (uint64_t)status.st_size;
        return data;
    }
    lseek(descriptor, 0, SEEK_SET);
    size_t used = 0;
    for (;;) {
        if (used == capacity) {
            capacity *= 2;
            data = xalloc_resize(data, capacity, 1);
        }
        ssize_t got = read(descriptor, data + used, capacity - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            failure_set(failure, "%s: %s", name, strerror(errno));
            free(data);
            return NULL;
        }
        if (got == 0)
            break;
        used += (size_t)got;
    }
    *size = used;
    return data;
}

bool load_descriptor(struct profile *profile, int descriptor, const char *name,
                     struct failure *failure)
{
    lseek(descriptor, 0, SEEK_SET);
    uint64_t size = 0;
    uint8_t *data = load_read_all(descriptor, name, &size, failure);
    if (data == NULL)
        return false;
    bool done = load_bytes(profile, name, data, size, false, failure);
    free(data);
    return done;
}

static bool load_file(const char *path, load_visitor *visitor, void *context,
                      struct failure *failure)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return failure_set(failure, "%s: %s", path, strerror(errno));
    struct stat status;
    uint8_t *data = NULL;
    uint64_t size = 0;
    if (fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode))
        failure_set(failure, "%s: not a regular file", path);
    else
        data = load_read_all(descriptor, path, &size, failure);
    close(descriptor);
    if (data == NULL)
        return false;
    bool done = visitor(context, path, data, size, failure);
    free(data);
    return done;
}

static int load_is_trace(const struct dirent *entry)
{
    const char *suffix = strrchr(entry->d_name, '.');
    /* Snapshots would be summed up with the end of their process: they are shown when they are
     * named. */
    return suffix != NULL && suffix != entry->d_name &&
           (strcmp(suffix, MMT_SUFFIX) == 0 || strcmp(suffix, MMT_MARK_SUFFIX) == 0) &&
           strstr(entry->d_name, MMT_SNAPSHOT_TAG) == NULL;
}

/* Folders of runs: of one that is under way, was interrupted, or has processes that still run. */
static int load_is_run(const struct dirent *entry)
{
    return strncmp(entry->d_name, MMT_FOLDER_KEPT, strlen(MMT_FOLDER_KEPT)) == 0;
}

static int load_by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* What a visit has come to. The last message waits until it is clear whether it is the reason that
 * nothing could be read at all. */
struct visit {
    load_visitor *visitor;
    void *context;
    struct failure last;
    size_t done, lost;
};

static void visit_lose(struct visit *visit, struct failure *failure)
{
    if (visit->last.text != NULL) {
        failure_print(&visit->last);
        failure_free(&visit->last);
    }
    visit->last = *failure;
    visit->lost++;
}

static void visit_file(struct visit *visit, const char *path)
{
    struct failure failure = {0};
    if (load_file(path, visit->visitor, visit->context, &failure))
        visit->done++;
    else
        visit_lose(visit, &failure);
}

/* Returns the number of entries, after a message where they cannot be read. */
static int visit_list(struct visit *visit, const char *path, struct dirent ***entries,
                      int (*chosen)(const struct dirent *entry))
{
    struct failure failure = {0};
    int count = scandir(path, entries, chosen, load_by_name);
    if (count < 0) {
        failure_set(&failure, "%s: %s", path, strerror(errno));
        visit_lose(visit, &failure);
    }
    return count;
}

static void visit_folder(struct visit *visit, const char *path)
{
    struct dirent **entries = NULL;
    int count = visit_list(visit, path, &entries, load_is_trace);
    for (int i = 0; i < count; i++) {
        char *file = xalloc_format("%s/%s", path, entries[i]->d_name);
        progress_show("reading traces", (size_t)i + 1, (size_t)count);
        visit_file(visit, file);
        free(file);
        free(entries[i]);
    }
    free(entries);
    progress_end();
}

static void visit_directory(struct visit *visit, const char *path)
{
    struct dirent **runs = NULL;
    visit_folder(visit, path);
    int count = visit_list(visit, path, &runs, load_is_run);
    for (int i = 0; i < count; i++) {
        char *folder = xalloc_format("%s/%s", path, runs[i]->d_name);
        struct stat status;
        if (lstat(folder, &status) == 0 && S_ISDIR(status.st_mode))
            visit_folder(visit, folder);
        free(folder);
        free(runs[i]);
    }
    free(runs);
}

bool load_visit(char *const *paths, size_t count, load_visitor *visitor, void *context,
                size_t *lost, struct failure *failure)
{
    struct visit visit = {.visitor = visitor, .context = context};
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        if (stat(paths[i], &status) == 0 && S_ISDIR(status.st_mode))
            visit_directory(&visit, paths[i]);
        else
            visit_file(&visit, paths[i]);
    }
    *lost = visit.lost;
    if (visit.lost != 0 && visit.done == 0) {
        *failure = visit.last;
        return false;
    }
    if (visit.last.text != NULL) {
        failure_print(&visit.last);
        failure_free(&visit.last);
    }
    return true;
}

static bool load_into(void *context, const char *path, const uint8_t *data, uint64_t size,
                      struct failure *failure)
{
    return load_bytes(context, path, data, size, true, failure);
}

bool load_paths(struct profile *profile, char *const *paths, size_t count, struct failure *failure)
{
    uint32_t first = (uint32_t)profile->processes.count;
    size_t lost;
    bool done = load_visit(paths, count, load_into, profile, &lost, failure);
    profile->lost_files += lost;
    if (done) {
        arrange_processes(profile, first);
        marks_settle(profile, first);
    }
    return done;
}
