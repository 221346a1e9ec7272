/* SPDX-License-Identifier: MIT */
#include "util/regularfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int regularfile_open(const char *path)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return -1;
    int error = fstat(descriptor, &status) != 0 ? errno : S_ISREG(status.st_mode) ? 0 : EINVAL;
    if (error == 0)
        return descriptor;
    close(descriptor);
    errno = error;
    return -1;
}

static FILE *regularfile_as_stream(int descriptor, const char *mode)
{
    FILE *file = descriptor >= 0 ? fdopen(descriptor, mode) : NULL;
    if (file == NULL && descriptor >= 0)
        close(descriptor);
    return file;
}

FILE *regularfile_stream(const char *path)
{
    return regularfile_as_stream(regularfile_open(path), "r");
}

FILE *regularfile_output(const char *path, const char *mode)
{
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    int descriptor = open(path, flags | (mode[0] == 'a' ? O_APPEND : O_TRUNC), 0666);
    if (descriptor >= 0)
        fcntl(descriptor, F_SETFL, mode[0] == 'a' ? O_APPEND : 0);
    return regularfile_as_stream(descriptor, mode);
}
