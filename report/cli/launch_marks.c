/* SPDX-License-Identifier: MIT */
#include "cli/launch_marks.h"

#include "mmtrace.h"
#include "util/xalloc.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A mark that is open, and where its record is. */
struct launch_mark {
    int file;
    off_t offset;
    struct mmt_mark record;
};

static bool launch_mark_read(struct launch_mark *mark)
{
    struct mmt_header header;
    struct mmt_record record;
    struct stat status;
    if (fstat(mark->file, &status) || !S_ISREG(status.st_mode) ||
        pread(mark->file, &header, sizeof(header), 0) != sizeof(header) ||
        memcmp(header.magic, MMT_MAGIC, sizeof(header.magic)) != 0 ||
        pread(mark->file, &record, sizeof(record), header.header_size) != sizeof(record) ||
        record.length > (uint64_t)status.st_size)
        return false;
    off_t second = header.header_size + (off_t)sizeof(record) + (off_t)((record.length + 7) & ~7ul);
    mark->offset = second + (off_t)sizeof(record);
    return pread(mark->file, &record, sizeof(record), second) == sizeof(record) &&
           record.type == MMT_MARK && record.length == sizeof(mark->record) &&
           pread(mark->file, &mark->record, sizeof(mark->record), mark->offset) ==
               sizeof(mark->record);
}

void launch_marks_signal(const char *directory, uint32_t pid, int signal_number)
{
    char *path = xalloc_format("%s/mmguard-%u%s", directory, pid, MMT_MARK_SUFFIX);
    struct launch_mark mark = {.file = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    free(path);
    if (mark.file < 0)
        return;
    if (launch_mark_read(&mark)) {
        mark.record.signal = (uint32_t)signal_number;
        (void)!pwrite(mark.file, &mark.record, sizeof(mark.record), mark.offset);
    }
    close(mark.file);
}
