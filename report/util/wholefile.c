/* SPDX-License-Identifier: MIT */
#include "util/wholefile.h"

#include "util/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool wholefile_check(const char *path, struct failure *failure)
{
    struct stat status;
    if (path == NULL || strcmp(path, "-") == 0)
        return true;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        /* It is not opened: a FIFO would wait for its reader. */
        errno = S_ISDIR(status.st_mode) ? EISDIR : 0;
        return (errno == 0 && access(path, W_OK) == 0) ||
               failure_set(failure, "%s: %s", path, strerror(errno));
    }
    char *temporary = xalloc_format("%s.XXXXXX", path);
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    bool good = descriptor >= 0 || failure_set(failure, "%s: %s", path, strerror(errno));
    if (descriptor >= 0) {
        close(descriptor);
        unlink(temporary);
    }
    free(temporary);
    return good;
}

bool wholefile_open(struct wholefile *file, const char *path, struct failure *failure)
{
    *file = (struct wholefile){.path = path};
    if (path == NULL || strcmp(path, "-") == 0) {
        file->path = NULL;
        file->out = stdout;
        return true;
    }
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        file->out = fopen(path, "we");
        return file->out != NULL || failure_set(failure, "%s: %s", path, strerror(errno));
    }
    file->temporary = xalloc_format("%s.XXXXXX", path);
    int descriptor = mkostemp(file->temporary, O_CLOEXEC);
    file->out = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (file->out == NULL) {
        failure_set(failure, "%s: %s", path, strerror(errno));
        free(file->temporary);
        return false;
    }
    mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask);
    return true;
}

bool wholefile_close(struct wholefile *file, struct failure *failure)
{
    const char *name = file->path != NULL ? file->path : "standard output";
    bool good = fflush(file->out) == 0 && !ferror(file->out);
    int error = errno;
    if (file->path != NULL && fclose(file->out) != 0 && good) {
        error = errno;
        good = false;
    }
    if (good && file->temporary != NULL && rename(file->temporary, file->path) != 0) {
        error = errno;
        good = false;
    }
    if (!good) {
        failure_set(failure, "%s: %s", name, strerror(error));
        if (file->temporary != NULL)
            unlink(file->temporary);
    }
    free(file->temporary);
    return good;
}
