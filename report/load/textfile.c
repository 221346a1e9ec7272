/* SPDX-License-Identifier: MIT */
#include "load/textfile.h"

#include "util/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define TEXTFILE_MOST (16u << 20)

static bool textfile_read(struct textfile *file, int descriptor)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return failure_set(file->failure, "%s: %s", file->name, strerror(errno));
    if (S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3)) /* /dev/null: no lines */
        status.st_size = 0;
    else if (!S_ISREG(status.st_mode))
        return failure_set(file->failure, "%s: not a regular file", file->name);
    if (status.st_size > (off_t)TEXTFILE_MOST)
        return failure_set(file->failure, "%s: larger than 16 MiB", file->name);
    size_t size = (size_t)status.st_size;
    file->text = xalloc(size + 1);
    while (file->length < size) {
        ssize_t got = read(descriptor, file->text + file->length, size - file->length);
        if (got < 0 && errno != EINTR)
            return failure_set(file->failure, "%s: %s", file->name, strerror(errno));
        if (got == 0)
            break;
        file->length += got > 0 ? (size_t)got : 0;
    }
    file->text[file->length] = '\0';
    return true;
}

bool textfile_open(struct textfile *file, const char *path, struct failure *failure)
{
    *file = (struct textfile){.name = path, .failure = failure};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return failure_set(failure, "%s: %s", path, strerror(errno));
    bool good = textfile_read(file, descriptor);
    close(descriptor);
    return good;
}

void textfile_open_text(struct textfile *file, const char *name, const char *text, size_t length,
                        struct failure *failure)
{
    *file = (struct textfile){.name = name, .failure = failure, .length = length};
    file->text = xalloc(length + 1);
    memcpy(file->text, text, length);
    file->text[length] = '\0';
}

char *textfile_line(struct textfile *file)
{
    if (file->next >= file->length)
        return NULL;
    char *line = file->text + file->next;
    char *end = memchr(line, '\n', file->length - file->next);
    size_t length = end != NULL ? (size_t)(end - line) : file->length - file->next;
    file->next += length + 1;
    file->line++;
    if (memchr(line, '\0', length) != NULL) {
        failure_set(file->failure, "%s:%u: a zero byte", file->name, file->line);
        return NULL;
    }
    while (length != 0 && strchr(" \t\r", line[length - 1]) != NULL)
        length--;
    line[length] = '\0';
    return line + strspn(line, " \t\r");
}

void textfile_close(struct textfile *file)
{
    free(file->text);
    file->text = NULL;
}
