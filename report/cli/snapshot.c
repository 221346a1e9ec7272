/* SPDX-License-Identifier: MIT
 *
 * Asks a guarded process for a trace of how it stands: the signal by which libguard stops threads,
 * sent with a value, is the request; the answer comes through a pipe of ours that the process opens
 * by its name in /proc.
 */
#include "cli/commands.h"

#include "mmtrace.h"
#include "util/failure.h"
#include "util/regularfile.h"
#include "util/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SNAPSHOT_BAD      2
#define SNAPSHOT_PATIENCE 60 /* seconds */

static FILE *snapshot_open(pid_t pid, const char *name)
{
    char *path = xalloc_format("/proc/%d/%s", (int)pid, name);
    FILE *file = regularfile_stream(path);
    free(path);
    return file;
}

/* Whether any line of the file contains `text`. */
static bool snapshot_file_has(pid_t pid, const char *name, const char *text)
{
    FILE *file = snapshot_open(pid, name);
    char *line = NULL;
    size_t size = 0;
    bool found = false;
    while (file != NULL && !found && getline(&line, &size, file) >= 0)
        found = strstr(line, text) != NULL;
    free(line);
    if (file != NULL)
        fclose(file);
    return found;
}

/* The signal would kill a process that does not handle it. */
static bool snapshot_handles(pid_t pid)
{
    FILE *file = snapshot_open(pid, "status");
    char line[256];
    unsigned long long caught = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        (void)sscanf(line, "SigCgt: %llx", &caught);
    if (file != NULL)
        fclose(file);
    return (caught >> (MMT_REQUEST_SIGNAL - 1) & 1) != 0;
}

/* The process opens a pipe of ours, which it may do only if we are the same user. */
static bool snapshot_become_owner(pid_t pid)
{
    struct stat status;
    char *path = xalloc_format("/proc/%d", (int)pid);
    bool known = stat(path, &status) == 0;
    free(path);
    if (known && geteuid() == 0 && status.st_uid != 0) {
        known = setresgid(status.st_gid, status.st_gid, status.st_gid) == 0 &&
                setresuid(status.st_uid, status.st_uid, status.st_uid) == 0 &&
                prctl(PR_SET_DUMPABLE, 1) == 0;
    }
    return known;
}

static bool snapshot_ask(pid_t pid, int answer)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = MMT_REQUEST_SIGNAL;
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_ptr = (void *)((uintptr_t)MMT_REQUEST_SNAPSHOT << 32 | (unsigned)answer);
    return syscall(SYS_rt_sigqueueinfo, pid, MMT_REQUEST_SIGNAL, &info) == 0;
}

/* Reads one line. False if the process ended or took too long. */
static bool snapshot_wait(pid_t pid, int answer, char *line, size_t size)
{
    time_t begin = time(NULL);
    size_t used = 0;
    while (used + 1 < size) {
        struct pollfd ready = {.fd = answer, .events = POLLIN};
        if (poll(&ready, 1, 100) > 0 && (ready.revents & POLLIN) != 0) {
            ssize_t got = read(answer, line + used, size - 1 - used);
            used += got > 0 ? (size_t)got : 0;
            if (used != 0 && line[used - 1] == '\n') {
                line[used - 1] = '\0';
                return true;
            }
        } else if (kill(pid, 0) != 0 || time(NULL) - begin > SNAPSHOT_PATIENCE) {
            return false;
        }
    }
    return false;
}

/* A folder that a run of mmguard has for itself, and that goes with it: a prefix and what mkdtemp()
 * put behind it. */
static bool snapshot_in_run(const char *folder)
{
    static const char *const prefixes[] = {MMT_FOLDER_KEPT, MMT_FOLDER};
    const char *slash = strrchr(folder, '/');
    for (size_t i = 0; slash != NULL && i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length = strlen(prefixes[i]);
        if (strncmp(slash + 1, prefixes[i], length) == 0 && strlen(slash + 1 + length) == 6)
            return true;
    }
    return false;
}

static int snapshot_move(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    return link(from, to) != 0 ? -1 : unlink(from);
}

/* Takes the trace out of the folder of a run, so that it is there after the end: where that folder
 * is, under its name or the next free one. Returns its path, allocated. */
static char *snapshot_take_out(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = xalloc_text(path, slash != NULL ? (size_t)(slash - path) : 0);
    char *target = NULL;
    if (snapshot_in_run(folder)) {
        const char *name = slash + 1, *dot = strrchr(name, '.');
        int stem = (int)(dot != NULL ? (size_t)(dot - name) : strlen(name));
        *strrchr(folder, '/') = '\0';
        target = xalloc_format("%s/%s", folder, name);
        for (unsigned i = 2; snapshot_move(path, target) != 0; i++) {
            bool taken = errno == EEXIST && i < 10000;
            if (!taken)
                failure_warn("%s: is there until its run ends: %s", path, strerror(errno));
            free(target);
            target =
                taken ? xalloc_format("%s/%.*s-%u%s", folder, stem, name, i, name + stem) : NULL;
            if (!taken)
                break;
        }
    }
    free(folder);
    return target != NULL ? target : xalloc_format("%s", path);
}

static int snapshot_of(pid_t pid)
{
    int ends[2];
    char line[8192];
    if (kill(pid, 0) != 0 && errno == ESRCH) {
        failure_warn("there is no process %d", (int)pid);
    } else if (!snapshot_handles(pid) || !snapshot_file_has(pid, "maps", "/libguard.so")) {
        failure_warn("process %d does not run guarded, or is not yours", (int)pid);
    } else if (!snapshot_become_owner(pid) || pipe(ends) != 0 || !snapshot_ask(pid, ends[0])) {
        failure_warn("process %d cannot be asked: %s", (int)pid, strerror(errno));
    } else if (!snapshot_wait(pid, ends[0], line, sizeof line)) {
        failure_warn("process %d gives no answer", (int)pid);
    } else if (line[0] == '\0') {
        failure_warn("process %d could not write its trace", (int)pid);
    } else {
        char *path = snapshot_take_out(line);
        puts(path);
        free(path);
        return fflush(stdout) == 0 ? 0 : SNAPSHOT_BAD;
    }
    return SNAPSHOT_BAD;
}

int command_snapshot(int argc, char **argv)
{
    char *end;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        puts("usage: mmreport snapshot PID\n\n"
             "Asks a running guarded process for a trace, leaks included, and prints its path.");
        return 0;
    }
    long pid = argc == 2 ? strtol(argv[1], &end, 10) : 0;
    if (pid <= 0 || pid > INT32_MAX || *end != '\0') {
        failure_warn("usage: mmreport snapshot PID");
        return SNAPSHOT_BAD;
    }
    return snapshot_of((pid_t)pid);
}
