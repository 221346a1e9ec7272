/* SPDX-License-Identifier: MIT */
#include "base/output.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/bits.h"
#include "base/print.h"
#include "base/program.h"
#include "base/sys.h"

static struct {
    const char *log;
    bool quiet;
    bool stderr_known;
    uint64_t stderr_device, stderr_inode;
} output;

static bool output_identify(uint64_t *device, uint64_t *inode)
{
    struct stat st;
    if (sys_failed(sys_call3(SYS_fstat, 2, (long)&st, 0)))
        return false;
    *device = st.st_dev;
    *inode = st.st_ino;
    return true;
}

void output_init(const char *log, bool quiet)
{
    output.log = log;
    output.quiet = quiet;
    output.stderr_known = output_identify(&output.stderr_device, &output.stderr_inode);
}

bool output_quiet(void)
{
    return output.quiet;
}

static void expand(struct print *p, const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern != '%' || !pattern[1]) {
            print_char(p, *pattern);
            continue;
        }
        switch (*++pattern) {
        case 'p':
            print_unsigned(p, (uint64_t)sys_getpid());
            break;
        case 'e':
            print_text(p, program_name());
            break;
        case '%':
            print_char(p, '%');
            break;
        default:
            print_char(p, '%');
            print_char(p, *pattern);
        }
    }
}

/* The program may have closed its standard descriptors; ours must not be taken for one of them. */
static int above_standard(int fd)
{
    if (fd > 2)
        return fd;
    long moved = sys_call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
    sys_close(fd);
    return sys_failed(moved) ? -1 : (int)moved;
}

int output_open(void)
{
    if (output.log && *output.log) {
        char path[4096];
        struct print p;
        print_to_buffer(&p, path, sizeof(path));
        if (output.log[0] != '/') { /* the program may have changed its directory */
            print_text(&p, program_directory());
            print_char(&p, '/');
        }
        expand(&p, output.log);
        print_end(&p);
        /* Not blocking: a FIFO without reader is no log. */
        int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
        long fd = sys_openat(AT_FDCWD, path, flags, 0600);
        if (!sys_failed(fd))
            return above_standard((int)fd);
    }
    uint64_t device, inode;
    if (output.stderr_known && output_identify(&device, &inode) && device == output.stderr_device &&
        inode == output.stderr_inode)
        return 2;
    return -1;
}

void output_close(int fd)
{
    if (fd > 2)
        sys_close(fd);
}
