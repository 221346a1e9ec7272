/* SPDX-License-Identifier: MIT
 *
 * daemon(3). libc's own ends the parent where no interposed function sees it, and what the parent
 * has lost would never be reported: to the child those are inherited blocks.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "guard/guard.h"

static int close_standard_streams(void)
{
    struct stat status;
    int null = open("/dev/null", O_RDWR);
    if (null < 0)
        return -1;
    if (fstat(null, &status) || !S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3)) {
        close(null);
        errno = ENODEV;
        return -1;
    }
    for (int stream = 0; stream < 3; stream++)
        dup2(null, stream);
    if (null > 2)
        close(null);
    return 0;
}

EXPORT int daemon(int keep_directory, int keep_streams)
{
    guard_enter();
    pid_t child = fork();
    if (child < 0)
        return -1;
    if (child)
        _exit(0);
    if (setsid() < 0)
        return -1;
    if (!keep_directory)
        (void)!chdir("/");
    return keep_streams ? 0 : close_standard_streams();
}
