/* SPDX-License-Identifier: MIT
 *
 * What is written for somebody who waits: on a terminal a line that goes away again, elsewhere
 * nothing. The work of these tests lasts until the terminal has got its line.
 */
#include "unit.h"
#include "util/progress.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

SUITE("report progress", NULL, NULL);

/* Works with standard error on `descriptor` until a byte of `stop` comes. */
static pid_t work(int descriptor, int stop)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct pollfd wait = {.fd = stop, .events = POLLIN};
        size_t done = 0;
        dup2(descriptor, STDERR_FILENO);
        while (poll(&wait, 1, 1) == 0)
            progress_show("counting sheep", ++done, 1000000);
        progress_end();
        _exit(0);
    }
    return pid;
}

/* Everything that can be read; returns its length. */
static size_t take(int descriptor, char *text, size_t size)
{
    size_t used = 0;
    ssize_t got;
    while (used + 1 < size && (got = read(descriptor, text + used, size - used - 1)) > 0)
        used += (size_t)got;
    text[used] = '\0';
    return used;
}

TEST(test_progress, "progress")
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), stop[2], other_stop[2], pipes[2];
    char text[4096], piped[64], first = 0;
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
        fputs("progress: not tested, there are no terminals here\n", stderr);
        return;
    }
    int terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    CU_ASSERT_FATAL(terminal >= 0 && pipe(stop) == 0 && pipe(other_stop) == 0 && pipe(pipes) == 0);
    pid_t silent = work(pipes[1], other_stop[0]), shown = work(terminal, stop[0]);
    close(pipes[1]);
    CU_ASSERT_EQUAL(read(master, &first, 1), 1); /* waits for the line */
    CU_ASSERT_EQUAL(write(stop[1], "x", 1) + write(other_stop[1], "x", 1), 2);
    waitpid(shown, NULL, 0);
    waitpid(silent, NULL, 0);
    fcntl(master, F_SETFL, O_NONBLOCK);
    take(master, text, sizeof text);
    CU_ASSERT_EQUAL(first, '\r');
    CU_ASSERT_PTR_EQUAL(strstr(text, "\033[Kcounting sheep: "), text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, " of 1000000"));
    size_t length = strlen(text);
    CU_ASSERT_TRUE(length > 4 && strcmp(text + length - 4, "\r\033[K") == 0);
    CU_ASSERT_EQUAL(take(pipes[0], piped, sizeof piped), 0);
    close(pipes[0]);
    close(terminal);
    close(master);
    for (int i = 0; i < 2; i++) {
        close(stop[i]);
        close(other_stop[i]);
    }
}
