/* SPDX-License-Identifier: MIT */
#include "cli/launch_run.h"

#include "cli/launch_text.h"
#include "util/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Signals that are meant for the program when they are sent to the launcher. */
static const int forwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

extern char **environ;

static sigset_t mask_before;
static struct sigaction child_before;

static void set_of_forwarded(sigset_t *signals)
{
    sigemptyset(signals);
    for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
        sigaddset(signals, forwarded[i]);
    sigaddset(signals, SIGCHLD);
}

void launch_hold_signals(void)
{
    sigset_t signals;
    struct sigaction standard = {.sa_handler = SIG_DFL};
    set_of_forwarded(&signals);
    sigprocmask(SIG_BLOCK, &signals, &mask_before);
    /* A parent may have left it ignored: then no status could be had. */
    sigaction(SIGCHLD, &standard, &child_before);
}

static bool in_list(const char *list, const char *library)
{
    size_t length = strlen(library);
    while (*list) {
        list += strspn(list, ": ");
        size_t end = strcspn(list, ": ");
        if (end == length && memcmp(list, library, length) == 0)
            return true;
        list += end;
    }
    return false;
}

static void set_environment(const char *library, const char *settings)
{
    const char *old = getenv("LD_PRELOAD");
    if (!old || !*old)
        setenv("LD_PRELOAD", library, 1);
    else if (!in_list(old, library))
        setenv("LD_PRELOAD", xalloc_format("%s:%s", library, old), 1);
    setenv("MMGUARD_OPTIONS", settings, 1);
}

/* Does not return; tells the parent why through `report`. */
static _Noreturn void become(const char *path, char **program, int report)
{
    execve(path, program, environ);
    if (errno == ENOEXEC) {
        size_t count = 0;
        while (program[count])
            count++;
        char **arguments = xalloc_zeroed(count + 2, sizeof(*arguments));
        arguments[0] = "/bin/sh";
        arguments[1] = (char *)path;
        for (size_t i = 1; i < count; i++)
            arguments[i + 1] = program[i];
        execve(arguments[0], arguments, environ);
    }
    int error = errno;
    while (write(report, &error, sizeof(error)) < 0 && errno == EINTR)
        continue;
    _exit(LAUNCH_EXIT_USAGE);
}

/* Waits for the child and passes signals on. They are blocked and taken one by one, so none is lost
 * and nothing runs in a handler. One that the terminal sent (not a process: its code is SI_KERNEL)
 * has reached the program already, which is in the same process group. */
static int wait_and_forward(pid_t child)
{
    sigset_t signals;
    set_of_forwarded(&signals);
    for (;;) {
        siginfo_t info;
        int status;
        pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) {
            /* What the terminal sent to both of us together must not end the launcher before its
             * report. */
            while (sigtimedwait(&signals, &info, &(struct timespec){0}) > 0)
                continue;
            return status;
        }
        if (ended < 0 && errno != EINTR)
            return LAUNCH_EXIT_USAGE << 8;
        int number = sigwaitinfo(&signals, &info);
        if (number > 0 && number != SIGCHLD && info.si_code <= 0)
            kill(child, number);
    }
}

int launch_run(const char *path, char **program, const char *library, const char *settings,
               uint32_t *pid, int *wait_status)
{
    int channel[2];
    if (pipe(channel) || fcntl(channel[0], F_SETFD, FD_CLOEXEC) ||
        fcntl(channel[1], F_SETFD, FD_CLOEXEC))
        return launch_fail("cannot make a pipe: %s", strerror(errno));

    pid_t child = fork();
    if (child == 0) {
        close(channel[0]);
        sigaction(SIGCHLD, &child_before, NULL);
        sigprocmask(SIG_SETMASK, &mask_before, NULL);
        set_environment(library, settings);
        become(path, program, channel[1]);
    }
    int fork_error = errno;
    close(channel[1]);
    int status = 0;
    if (child < 0) {
        status = launch_fail("cannot start a process: %s", strerror(fork_error));
    } else {
        int error;
        ssize_t length;
        while ((length = read(channel[0], &error, sizeof(error))) < 0 && errno == EINTR)
            continue;
        *pid = (uint32_t)child;
        *wait_status = wait_and_forward(child);
        if (length == sizeof(error))
            status = launch_fail("%s: cannot be run: %s", path, strerror(error));
    }
    close(channel[0]);
    return status;
}

int launch_apart(int (*work)(const void *argument), const void *argument, int *signal_number)
{
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        return work(argument);
    if (child == 0) {
        sigprocmask(SIG_SETMASK, &mask_before, NULL);
        exit(work(argument));
    }
    int status = wait_and_forward(child);
    *signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : LAUNCH_EXIT_USAGE;
}

_Noreturn void launch_die_by(int signal_number)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(signal_number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, signal_number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    kill(getpid(), signal_number);
    /* Still here: a signal whose default is not to end a process cannot have ended the program. */
    _exit(128 + signal_number);
}
