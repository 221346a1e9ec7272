/* SPDX-License-Identifier: MIT
 *
 * System calls without libc: each returns the kernel's value or -errno and never touches errno, so
 * that they can be made from malloc, from signal handlers and with the world stopped. All are
 * async-signal-safe.
 */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#if !defined(__x86_64__) || !defined(__linux__)
#error "libguard runs on Linux x86-64"
#endif

#ifdef SYS_FAIL
/* For tests/fail: whether this call is the one that must fail. Its error; 0 to let it through. */
long sys_fail(long number);
/* Reads from the environment which one that is. */
void sys_fail_init(void);
#define SYS_FAIL_CHECK(number)                                                                     \
    do {                                                                                           \
        long error_ = sys_fail(number);                                                            \
        if (error_)                                                                                \
            return error_;                                                                         \
    } while (0)
#else
#define SYS_FAIL_CHECK(number) (void)0
#endif

static inline long sys_call6(long number, long a, long b, long c, long d, long e, long f)
{
    SYS_FAIL_CHECK(number);
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long sys_call3(long number, long a, long b, long c)
{
    SYS_FAIL_CHECK(number);
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long sys_call4(long number, long a, long b, long c, long d)
{
    return sys_call6(number, a, b, c, d, 0, 0);
}

/* True if a system call's result is an error; the result is then -errno. */
static inline int sys_failed(long result)
{
    return (unsigned long)result >= -4095ul;
}

/* Kernel headers of Debian 12 lack these. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE  103
#endif

/* ---- memory */
void *sys_map(void *hint, size_t length, int protection,
              int extra_flags); /* private anonymous NORESERVE; NULL on failure */
void *sys_map_counted(size_t length); /* read and write, counted against the commit limit */
static inline long sys_unmap(void *address, size_t length)
{
    return sys_call3(SYS_munmap, (long)address, (long)length, 0);
}
static inline long sys_protect(void *address, size_t length, int protection)
{
    return sys_call3(SYS_mprotect, (long)address, (long)length, protection);
}
static inline long sys_advise(void *address, size_t length, int advice)
{
    return sys_call3(SYS_madvise, (long)address, (long)length, advice);
}

/* ---- files */
static inline long sys_openat(int directory, const char *path, int flags, int mode)
{
    return sys_call4(SYS_openat, directory, (long)path, flags, mode);
}
static inline long sys_close(int fd)
{
    return sys_call3(SYS_close, fd, 0, 0);
}
static inline long sys_read(int fd, void *buffer, size_t length)
{
    return sys_call3(SYS_read, fd, (long)buffer, (long)length);
}
static inline long sys_write(int fd, const void *buffer, size_t length)
{
    return sys_call3(SYS_write, fd, (long)buffer, (long)length);
}
/* Writes everything, over EINTR, EAGAIN (waiting for room) and short writes. 0 or -errno. */
long sys_write_all(int fd, const void *buffer, size_t length);
/* Opens what must be a regular file, for names that others may have given to something else: never
 * waits as for a FIFO without a writer, and never makes a terminal ours. Descriptor or -errno; it
 * is closed at exec. */
long sys_open_regular(const char *path, int flags);
/* The same for a file of /proc: a file that is stored anywhere, as in a chroot, does not count. */
long sys_open_proc(const char *path);
/* Reads a whole small file into `buffer` and terminates it. Length without the terminator, or
 * -errno. */
long sys_read_file(const char *path, char *buffer, size_t size);

/* ---- processes, threads, signals */
static inline int sys_getpid(void)
{
    return (int)sys_call3(SYS_getpid, 0, 0, 0);
}
static inline int sys_gettid(void)
{
    return (int)sys_call3(SYS_gettid, 0, 0, 0);
}
static inline long sys_tgkill(int pid, int tid, int signal)
{
    return sys_call3(SYS_tgkill, pid, tid, signal);
}
/* `timeout` is a struct timespec or NULL, relative. */
static inline long sys_futex_wait(const void *word, uint32_t expected, const void *timeout)
{
    return sys_call6(SYS_futex, (long)word, 128 /* FUTEX_WAIT_PRIVATE */, expected, (long)timeout,
                     0, 0);
}
static inline long sys_futex_wake(const void *word, int count)
{
    return sys_call3(SYS_futex, (long)word, 129 /* FUTEX_WAKE_PRIVATE */, count);
}
/* The same for words in memory that processes share. */
static inline long sys_futex_wait_shared(const void *word, uint32_t expected, const void *timeout)
{
    return sys_call6(SYS_futex, (long)word, 0 /* FUTEX_WAIT */, expected, (long)timeout, 0, 0);
}
static inline long sys_futex_wake_shared(const void *word, int count)
{
    return sys_call3(SYS_futex, (long)word, 1 /* FUTEX_WAKE */, count);
}
/* Signal masks of the kernel: bit n-1 is signal n. `how` as for sigprocmask; either pointer may be
 * NULL. */
static inline long sys_sigmask(int how, const uint64_t *set, uint64_t *old)
{
    return sys_call4(SYS_rt_sigprocmask, how, (long)set, (long)old, 8);
}
_Noreturn void sys_exit_group(int status);
/* Nanoseconds of CLOCK_REALTIME (0) or CLOCK_MONOTONIC (1). */
uint64_t sys_clock(int clock);
void sys_sleep(uint64_t nanoseconds);

#endif
