/* SPDX-License-Identifier: MIT */
#include "sym/symchild.h"

#include "sym/symwire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SYMCHILD_CPU_SECONDS  60
#define SYMCHILD_WALL_SECONDS 120
#define SYMCHILD_MEMORY       (UINT64_C(16) << 30)
#define SYMCHILD_ANSWER_MOST  (UINT64_C(1) << 30)

static void symchild_lower(int resource, rlim_t value)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) == 0 &&
        (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > value)) {
        limit.rlim_cur = value;
        setrlimit(resource, &limit);
    }
}

static void symchild_limits(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    symchild_lower(RLIMIT_CPU, SYMCHILD_CPU_SECONDS);
    symchild_lower(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__)
    /* AddressSanitizer reserves terabytes of address space. */
    symchild_lower(RLIMIT_AS, SYMCHILD_MEMORY);
#endif
    signal(SIGSEGV, SIG_DFL);
    signal(SIGBUS, SIG_DFL);
    signal(SIGXCPU, SIG_DFL);
}

static void symchild_run(const struct sym_backend *backend, const struct module *module,
                         const struct symsearch *search, const uint64_t *addresses,
                         struct sym_answer *answer, int descriptor)
{
    symchild_limits();
    answer->last = true;
    backend->resolve(module, search, addresses, answer);
    struct textbuf bytes = {0};
    symwire_write(answer, &bytes);
    const char *next = bytes.bytes.items;
    size_t left = bytes.bytes.count;
    while (left != 0) {
        ssize_t written = write(descriptor, next, left);
        if (written < 0 && errno != EINTR)
            _exit(1);
        if (written > 0) {
            next += written;
            left -= (size_t)written;
        }
    }
    _exit(0);
}

static int64_t symchild_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads until the child closes its end. Returns NULL, or why it stopped. */
static const char *symchild_collect(int descriptor, struct textbuf *bytes)
{
    int64_t deadline = symchild_milliseconds() + SYMCHILD_WALL_SECONDS * 1000;
    char buffer[65536];
    for (;;) {
        int64_t left = deadline - symchild_milliseconds();
        struct pollfd event = {.fd = descriptor, .events = POLLIN};
        if (left <= 0)
            return "took too long";
        int ready = poll(&event, 1, (int)left);
        ssize_t got = ready > 0 ? read(descriptor, buffer, sizeof buffer) : -1;
        if (ready == 0 || (got < 0 && errno == EINTR))
            continue;
        if (got < 0)
            return "could not be read from";
        if (got == 0)
            return NULL;
        if (bytes->bytes.count + (size_t)got > SYMCHILD_ANSWER_MOST)
            return "answered too much";
        textbuf_put_bytes(bytes, buffer, (size_t)got);
    }
}

static const char *symchild_ending(int status)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0 ? NULL : "failed";
    return WTERMSIG(status) == SIGXCPU ? "took too long" : "crashed";
}

const char *symchild_resolve(const struct sym_backend *backend, const struct module *module,
                             const struct symsearch *search, const uint64_t *addresses,
                             struct sym_answer *answer)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return "could not be started";
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        symchild_run(backend, module, search, addresses, answer, ends[1]);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return "could not be started";
    }
    struct textbuf bytes = {0};
    const char *trouble = symchild_collect(ends[0], &bytes);
    close(ends[0]);
    if (trouble != NULL)
        kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (trouble == NULL)
        trouble = symchild_ending(status);
    if (!symwire_read(textbuf_text(&bytes), bytes.bytes.count, answer) && trouble == NULL)
        trouble = "gave no whole answer";
    free(answer->held);
    answer->held = bytes.bytes.items;
    return trouble;
}
