// SPDX-License-Identifier: MIT
// Prints what each call answers for each pointer, a child a call. Nothing that waits.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static void print(const char *call, const char *kind, long result, int error, int signal)
{
    char line[200];
    int length = snprintf(line, sizeof(line), "%s %s: ", kind, call);
    if (signal)
        length += snprintf(line + length, sizeof(line) - length, "signal %d\n", signal);
    else
        length += snprintf(line + length, sizeof(line) - length, "%ld errno %d\n", result, error);
    write(1, line, length);
}

#define CALL(call)                                                                                 \
    do {                                                                                           \
        int status = 0;                                                                            \
        pid_t child = fork();                                                                      \
        if (!child) {                                                                              \
            errno = 0;                                                                             \
            long result = (long)(call);                                                            \
            print(#call, kind, result, errno, 0);                                                  \
            _exit(0);                                                                              \
        }                                                                                          \
        waitpid(child, &status, 0);                                                                \
        if (WIFSIGNALED(status))                                                                   \
            print(#call, kind, 0, 0, WTERMSIG(status));                                            \
    } while (0)

static void sweep(const char *kind, void *bad, void *readable)
{
    int null = open("/dev/null", O_RDWR), ends[2], epoll = epoll_create1(0);
    int file = open("/proc/self/exe", O_RDONLY), folder = open("/", O_RDONLY | O_DIRECTORY);
    int timer = timerfd_create(CLOCK_MONOTONIC, 0), events = inotify_init();
    struct timespec none = {0, 0};
    struct msghdr message = {.msg_iov = bad, .msg_iovlen = 1};
    struct mmsghdr messages = {.msg_hdr = message};
    struct epoll_event event = {.events = EPOLLOUT};
    socklen_t length = 4;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
    send(ends[1], "data", 4, 0);
    epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event);

    CALL(getrusage(RUSAGE_SELF, bad));
    CALL(wait(bad));
    CALL(waitpid(-1, bad, WNOHANG));
    CALL(wait3(bad, WNOHANG, bad));
    CALL(wait4(-1, bad, WNOHANG, bad));
    CALL(waitid(P_ALL, 0, bad, WNOHANG | WEXITED));
    CALL(sysinfo(bad));
    CALL(nanosleep(bad, NULL));
    CALL(nanosleep(&none, bad));
    CALL(getitimer(ITIMER_REAL, bad));
    CALL(setitimer(ITIMER_REAL, bad, NULL));
    CALL(timerfd_settime(timer, 0, bad, NULL));
    CALL(timerfd_gettime(timer, bad));
    CALL(select(4, bad, NULL, NULL, &(struct timeval){0, 0}));
    CALL(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], bad));
    CALL(epoll_wait(epoll, bad, 1, 0));
    CALL(epoll_pwait(epoll, bad, 1, 0, NULL));
    CALL(epoll_pwait(epoll, &event, 1, 0, bad));
    CALL(ppoll(bad, 1, &none, NULL));
    CALL(pselect(4, bad, NULL, NULL, &none, NULL));
    CALL(poll(bad, 1, 0));
    CALL(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, bad, &length));
    CALL(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &length, bad));
    CALL(setsockopt(ends[0], SOL_SOCKET, SO_RCVBUF, bad, 4));
    CALL(socketpair(AF_UNIX, SOCK_STREAM, 0, bad));
    CALL(statx(AT_FDCWD, "/", 0, STATX_ALL, bad));
    CALL(statx(AT_FDCWD, bad, 0, STATX_ALL, bad));
    CALL(statfs("/", bad));
    CALL(statfs64("/", bad));
    CALL(fstatfs(folder, bad));
    CALL(fstatfs64(folder, bad));
    CALL(getgroups(1, bad));
    CALL(setgroups(1, bad));
    CALL(getresuid(bad, bad, bad));
    CALL(getresgid(bad, bad, bad));
    CALL(sched_getparam(0, bad));
    CALL(sched_setparam(0, bad));
    CALL(sched_setscheduler(0, SCHED_OTHER, bad));
    CALL(sched_getaffinity(0, 128, bad));
    CALL(sched_setaffinity(0, 128, bad));
    CALL(sched_rr_get_interval(0, bad));
    CALL(sigpending(bad));
    if (bad != readable)
        CALL(sigsuspend(bad));
    CALL(sigprocmask(SIG_BLOCK, NULL, bad));
    CALL(sigaltstack(NULL, bad));
    CALL(sigtimedwait(bad, NULL, &none));
    CALL(sigtimedwait(&set, bad, &none));
    CALL(sigtimedwait(&set, NULL, bad ? bad : &none));
    if (bad != readable)
        CALL(sigwaitinfo(bad ? bad : (void *)1, NULL));
    CALL(signalfd(-1, bad, 0) > 0 ? 1 : -1);
    CALL(sendfile(ends[0], file, bad ? bad : (void *)1, 10));
    CALL(sendfile64(ends[0], file, bad ? bad : (void *)1, 10));
    CALL(copy_file_range(file, bad ? bad : (void *)1, null, NULL, 10, 0));
    CALL(splice(file, bad ? bad : (void *)1, null, NULL, 10, 0));
    CALL(vmsplice(null, bad, 1, 0));
    CALL(getxattr(bad, "user.x", NULL, 0));
    CALL(getxattr("/", bad, NULL, 0));
    CALL(lgetxattr("/", bad, NULL, 0));
    CALL(fgetxattr(folder, bad, NULL, 0));
    CALL(setxattr(bad, "user.x", "y", 1, 0));
    CALL(removexattr(bad, "user.x"));
    CALL(listxattr(bad, NULL, 0));
    CALL(inotify_add_watch(events, bad, IN_OPEN));
    CALL(utimensat(AT_FDCWD, "/nowhere", bad, 0));
    CALL(utimes("/nowhere", bad));
    CALL(futimens(null, bad ? bad : (void *)1));
    CALL(symlinkat(bad, AT_FDCWD, bad));
    CALL(linkat(AT_FDCWD, bad, AT_FDCWD, bad, 0));
    CALL(renameat(AT_FDCWD, bad, AT_FDCWD, bad));
    CALL(renameat2(AT_FDCWD, bad, AT_FDCWD, bad, 0));
    CALL(faccessat(AT_FDCWD, bad, 0, 0));
    CALL(fchmodat(AT_FDCWD, bad, 0, 0));
    CALL(fchownat(AT_FDCWD, bad, 0, 0, 0));
    CALL(lchown(bad, 0, 0));
    CALL(chroot(bad));
    CALL(times(bad ? bad : (void *)1));
    CALL(mincore((void *)((long)&none & -4096), 4096, bad));
    CALL(getdents64(folder, bad, 1000));
    CALL(msgsnd(-1, bad, 1, IPC_NOWAIT));
    CALL(msgrcv(-1, bad, 1, 0, IPC_NOWAIT));
    CALL(semop(-1, bad, 1));
    CALL(mknod(bad, S_IFREG, 0));
    CALL(mkfifo(bad, 0600));
    CALL(mkfifoat(AT_FDCWD, bad, 0600));
    CALL(truncate64(bad, 0));
    CALL(memfd_create(bad, 0) > 0 ? 1 : -1);
    CALL(mount("x", bad ? bad : (void *)1, "tmpfs", 0, NULL));
    CALL(ioctl(ends[0], FIONREAD, bad));
    CALL(ioctl(ends[0], FIONBIO, bad));
    CALL(ioctl(null, TCGETS, bad));
    CALL(ioctl(ends[0], SIOCGIFCONF, bad));
    CALL(ioctl(folder, 0x80086601, bad));
    CALL(fcntl(null, F_GETLK, bad));
    CALL(fcntl(null, F_SETLK, bad));
    CALL(fcntl(null, F_GETOWN_EX, bad));
    CALL(fcntl(null, F_GETFD, bad));
    CALL(read(file, bad, 10));
    CALL(pread(file, bad, 10, 0));
    CALL(write(ends[0], bad, 10));
    CALL(recv(ends[0], bad, 4, MSG_DONTWAIT | MSG_PEEK));
    CALL(send(ends[0], bad, 4, MSG_DONTWAIT));
    CALL(sendto(ends[0], "x", 1, MSG_DONTWAIT, bad, 8));
    CALL(recvfrom(ends[0], &none, 4, MSG_DONTWAIT | MSG_PEEK, bad, bad));
    CALL(readv(file, bad, 1));
    CALL(writev(null, bad, 1));
    CALL(preadv2(file, bad, 1, 0, 0));
    CALL(sendmsg(ends[0], bad, MSG_DONTWAIT));
    CALL(recvmsg(ends[0], bad, MSG_DONTWAIT));
    CALL(sendmsg(ends[0], &message, MSG_DONTWAIT));
    CALL(sendmmsg(ends[0], bad, 1, MSG_DONTWAIT));
    CALL(recvmmsg(ends[0], bad, 1, MSG_DONTWAIT, NULL));
    CALL(sendmmsg(ends[0], &messages, 1, MSG_DONTWAIT));
    CALL(getrandom(bad, 10, 0));
    CALL(readlink(bad, bad, 10));
    CALL(readlink("/proc/self/exe", bad, 10) > 0 ? 1 : -1);
    CALL(uname(bad));
    CALL(pipe(bad));
    CALL(stat(bad, bad));
    CALL(fstat(null, bad));
    CALL(access(bad, 0));
    CALL(open(bad, O_RDONLY));
    CALL(bind(ends[0], bad, 8));
    CALL(connect(ends[0], bad, 8));
    CALL(getsockname(ends[0], bad, &length));
    CALL(getpeername(ends[0], bad, bad));
    CALL(setrlimit(RLIMIT_DATA, bad ? bad : (void *)1));
    CALL(prlimit(0, RLIMIT_AS, NULL, bad ? bad : (void *)1));
    CALL(execve(bad, bad, NULL));
    close(null), close(ends[0]), close(ends[1]), close(epoll), close(file), close(folder);
    close(timer), close(events);
}

int main(void)
{
    char *page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(page + 4096, 4096, PROT_NONE);
    signal(SIGALRM, SIG_DFL);
    alarm(50);
    sweep("null", NULL, page);
    sweep("one", (void *)1, page);
    sweep("unwritable", page, page);
    sweep("unwritable end", page + 4092, page);
    munmap(page, 8192);
    sweep("unmapped", page, NULL);
    return 0;
}
