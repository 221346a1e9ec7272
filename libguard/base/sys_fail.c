/* SPDX-License-Identifier: MIT
 *
 * In the variant of the build that tests/fail uses, one of libguard's own memory calls is made to
 * fail, or all from one on. MMGUARD_FAIL=N or N+; MMGUARD_FAIL=0 counts them and says at the end
 * how many there were.
 */
#include "base/sys.h"

#ifdef SYS_FAIL

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/print.h"
#include "base/program.h"

static struct {
    bool on, lasting;
    long target;
    _Atomic long count;
} fail;

void sys_fail_init(void)
{
    const char *text = program_variable("MMGUARD_FAIL");
    if (!text)
        return;
    for (; *text >= '0' && *text <= '9'; text++)
        fail.target = fail.target * 10 + (*text - '0');
    fail.lasting = *text == '+';
    fail.on = true;
}

static void say_count(void)
{
    char buffer[64];
    struct print p;
    fail.on = false;
    print_to_fd(&p, 2, buffer, sizeof(buffer));
    print_text(&p, "MMGUARD_FAIL: ");
    print_signed(&p, fail.count);
    print_char(&p, '\n');
    print_end(&p);
}

long sys_fail(long number)
{
    if (!fail.on)
        return 0;
    switch (number) {
    case SYS_exit_group:
        if (!fail.target)
            say_count();
        return 0;
    case SYS_mmap:
    case SYS_munmap:
    case SYS_madvise:
    case SYS_process_madvise:
    case SYS_mprotect:
    case SYS_mremap:
    case SYS_ioctl:
    case SYS_userfaultfd:
    case SYS_fcntl:
    case SYS_memfd_create:
    case SYS_pidfd_open:
        break;
    default:
        return 0;
    }
    long now = atomic_fetch_add(&fail.count, 1) + 1;
    return now == fail.target || (fail.lasting && now > fail.target) ? -ENOMEM : 0;
}

#else

typedef int sys_fail_is_not_built_in;

#endif
