/* SPDX-License-Identifier: MIT */
#include "util/progress.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_PATIENCE 1000 /* milliseconds before the first line */
#define PROGRESS_PAUSE    100 /* between two lines */

static struct {
    bool started, shown;
    int64_t next; /* when the next line is due */
} progress;

static int64_t progress_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_show(const char *what, size_t done, size_t all)
{
    int64_t now = progress_now();
    if (!progress.started) {
        progress.started = true;
        progress.next = isatty(STDERR_FILENO) ? now + PROGRESS_PATIENCE : INT64_MAX;
    }
    if (now >= progress.next) {
        progress.next = now + PROGRESS_PAUSE;
        progress.shown = true;
        fprintf(stderr, "\r\033[K%s: %zu of %zu", what, done, all);
        fflush(stderr);
    }
}

void progress_end(void)
{
    if (progress.shown) {
        fputs("\r\033[K", stderr);
        progress.shown = false;
    }
}
