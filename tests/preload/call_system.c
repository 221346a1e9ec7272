// SPDX-License-Identifier: MIT
// Reported: use-after-free-read in open, heap-buffer-overflow-read in stat (path) and connect, heap-buffer-overflow-write in fstat, pipe and poll,
// called by main. Calls that fail or fill less are not reported.
#include "wipe.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

int main(void)
{
    char *freed = strdup("/dev/null"), *path = malloc(9), *short_buffer = malloc(4);
    memcpy(path, "/dev/null", 9);
    struct stat *status = malloc(sizeof(*status) - 8), *good = malloc(sizeof(*good));
    int *ends = malloc(sizeof(int)), *good_ends = malloc(2 * sizeof(int));
    struct pollfd *polled = calloc(1, sizeof(*polled));
    struct sockaddr_un *address = malloc(10);
    socklen_t length = 2;
    free(freed);
    open(freed, O_RDONLY);
    stat(path, good);
    REQUIRE(fstat(0, status) == 0);
    REQUIRE(pipe(ends) == 0 && pipe(good_ends) == 0);
    polled->fd = good_ends[1];
    polled->events = POLLOUT;
    poll(polled, 2, 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(getsockname(fd, (struct sockaddr *)short_buffer, &length) == 0 && length == 2);
    memset(address, 0, 10);
    address->sun_family = AF_UNIX;
    REQUIRE(connect(fd, (struct sockaddr *)address, sizeof(*address)) == -1 && errno != EFAULT);
    length = 100;
    REQUIRE(getsockname(fd, (struct sockaddr *)short_buffer, &length) == 0);
    REQUIRE(stat("/nowhere", (struct stat *)address) == -1 && errno == ENOENT);
    REQUIRE(stat("/", good) == 0 && lstat("/dev/null", good) == 0 && S_ISCHR(good->st_mode));
    fd = open("/dev/null", O_CREAT | O_WRONLY, 0600);
    REQUIRE(fd >= 0 && access("/dev/null", F_OK) == 0);
    say("after");
    free(path), free(short_buffer), free(status), free(good), free(ends), free(good_ends);
    free(polled), free(address);
    return 0;
}
