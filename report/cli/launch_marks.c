/* SPDX-License-Identifier: MIT */
#include "cli/launch_marks.h"

#include "mmtrace.h"
#include "util/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A mark that is open, and where its record is. */
struct launch_mark {
    int file;
    off_t offset;
    struct mmt_process process;
    struct mmt_mark record;
};

static bool launch_mark_open(struct launch_mark *mark, int directory, const char *name)
{
    struct mmt_header header;
    struct mmt_record record;
    struct stat status;
    mark->file = openat(directory, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (mark->file < 0)
        return false;
    int file = mark->file;
    if (!fstat(file, &status) && S_ISREG(status.st_mode) &&
        pread(file, &header, sizeof(header), 0) == sizeof(header) &&
        memcmp(header.magic, MMT_MAGIC, sizeof(header.magic)) == 0 &&
        pread(file, &record, sizeof(record), header.header_size) == sizeof(record) &&
        record.length >= sizeof(mark->process) && record.length <= (uint64_t)status.st_size) {
        off_t first = header.header_size + (off_t)sizeof(record);
        off_t second = first + (off_t)((record.length + 7) & ~UINT64_C(7));
        mark->offset = second + (off_t)sizeof(record);
        if (pread(file, &mark->process, sizeof(mark->process), first) == sizeof(mark->process) &&
            pread(file, &record, sizeof(record), second) == sizeof(record) &&
            record.type == MMT_MARK && record.length == sizeof(mark->record) &&
            pread(file, &mark->record, sizeof(mark->record), mark->offset) == sizeof(mark->record))
            return true;
    }
    close(file);
    return false;
}

static void launch_mark_write(const struct launch_mark *mark, size_t member, uint32_t value)
{
    (void)!pwrite(mark->file, &value, sizeof(value), mark->offset + (off_t)member);
}

void launch_marks_signal(const char *directory, uint32_t pid, int signal_number)
{
    struct launch_mark mark;
    char *path = xalloc_format("%s/mmguard-%u%s", directory, pid, MMT_MARK_SUFFIX);
    if (launch_mark_open(&mark, AT_FDCWD, path)) {
        launch_mark_write(&mark, offsetof(struct mmt_mark, signal), (uint32_t)signal_number);
        close(mark.file);
    }
    free(path);
}

/* A process has its mark mapped for writing as long as it lives, whatever its number is in a
 * namespace of its own; then the file cannot be leased. Some file systems know no leases, or
 * nothing of mappings. */
static bool is_mapped(int directory, const char *name)
{
    int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return false;
    bool leased = fcntl(file, F_SETLEASE, F_RDLCK) == 0;
    bool mapped = !leased && errno == EAGAIN;
    if (leased)
        fcntl(file, F_SETLEASE, F_UNLCK);
    close(file);
    return mapped;
}

/* Nanoseconds since 1970 at which the process with this number began; 0: there is none that runs.
 */
static uint64_t start_of_process(uint32_t pid)
{
    char text[1024], path[64];
    snprintf(path, sizeof(path), "/proc/%u/stat", pid);
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    if (file)
        fclose(file);
    text[length] = '\0';
    char state;
    unsigned long long ticks;
    const char *after = strrchr(text, ')');
    if (!after ||
        sscanf(after,
               ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
               "%*s %llu",
               &state, &ticks) != 2 ||
        strchr("ZXx", state))
        return 0;
    struct timespec now, up;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &up);
    uint64_t boot = ((uint64_t)now.tv_sec - (uint64_t)up.tv_sec) * 1000000000u;
    return boot + ticks * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK));
}

/* One with the same number that began later is another process. */
static bool is_running(const struct mmt_process *process)
{
    const uint64_t slack = 3000000000u;
    uint64_t start = start_of_process(process->pid);
    return start && start <= process->start_time + slack;
}

static bool is_mark(const char *name)
{
    const char *suffix = strrchr(name, '.');
    return suffix && strcmp(suffix, MMT_MARK_SUFFIX) == 0;
}

static size_t look(const char *path, bool say)
{
    DIR *directory = opendir(path);
    size_t count = 0;
    if (!directory)
        return 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        struct launch_mark mark;
        if (!is_mark(entry->d_name))
            continue;
        bool mapped = is_mapped(dirfd(directory), entry->d_name);
        if (!launch_mark_open(&mark, dirfd(directory), entry->d_name))
            continue;
        /* One that was just started may still take its mark over. */
        if (mark.record.state == MMT_MARK_EXEC)
            count += !say && is_running(&mark.process);
        else if (mark.record.state == MMT_MARK_RUNNING && (mapped || is_running(&mark.process))) {
            count++;
            if (say)
                launch_mark_write(&mark, offsetof(struct mmt_mark, flags),
                                  mark.record.flags | MMT_MARK_OUTLIVES);
        }
        close(mark.file);
    }
    closedir(directory);
    return count;
}

size_t launch_marks_wait(const char *directory)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    size_t count = 0;
    sigaction(SIGIO, &ignore, NULL); /* from a process that opens a mark while it is leased */
    for (int i = 0; i < 50 && (count = look(directory, false)); i++)
        nanosleep(&pause, NULL);
    return count;
}

size_t launch_marks_outliving(const char *directory)
{
    return look(directory, true);
}

bool launch_marks_ended(int directory, const char *name)
{
    struct launch_mark mark;
    if (!is_mark(name) || !launch_mark_open(&mark, directory, name))
        return false;
    close(mark.file);
    return mark.record.state == MMT_MARK_ENDED;
}

bool launch_marks_outlives(int directory, const char *name)
{
    struct launch_mark mark;
    if (!launch_mark_open(&mark, directory, name))
        return false;
    close(mark.file);
    return mark.record.state == MMT_MARK_RUNNING && mark.record.flags & MMT_MARK_OUTLIVES;
}
