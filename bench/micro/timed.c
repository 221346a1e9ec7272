/* SPDX-License-Identifier: MIT
 *
 * Runs one command and says what it cost. A helper of its own, small and in C, because the peak of
 * resident memory that the kernel keeps for a process begins with that of the process it was forked
 * from.
 *
 *     timed SECONDS CPUS RESULT-FILE PROGRAM [ARGUMENT...]
 *
 * CPUS is a list such as 0,1. When the program has used SECONDS of CPU time its process group is
 * killed, and after three times that on the clock, for commands that wait for ever; a busy machine
 * alone must not end a run. RLIMIT_CPU would do the same, but with it the kernel answers
 * CLOCK_PROCESS_CPUTIME_ID in whole ticks, and the drivers measure with that. The result file gets
 * one line of JSON; times are seconds but for "end", which is CLOCK_MONOTONIC in nanoseconds when
 * the program was gone. cpu and rss (bytes) include descendants that were waited for; rss is the
 * largest of any one of them. status is the exit status, or 128 + the signal.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;
static clockid_t child_clock;
static unsigned most;
static volatile sig_atomic_t timed_out, quarters;

static void end_group(int signal)
{
    (void)signal;
    kill(-child, SIGKILL);
}

static void look(int signal)
{
    struct timespec used = {0};
    clock_gettime(child_clock, &used);
    quarters++;
    if ((unsigned)used.tv_sec >= most || (unsigned)quarters / 4 >= 3 * most) {
        timed_out = 1;
        end_group(signal);
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void pin(const char *list)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const char *at = list; *at != '\0'; at += *at == ',')
        CPU_SET((int)strtol(at, (char **)&at, 10), &set);
    sched_setaffinity(0, sizeof set, &set);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    pin(argv[2]);
    most = (unsigned)atoi(argv[1]);
    double start = now();
    child = fork();
    if (child == 0) {
        setpgid(0, 0);
        execvp(argv[4], argv + 4);
        _exit(127);
    }
    if (child < 0)
        return 2;
    setpgid(child, child);
    struct sigaction action = {.sa_handler = end_group};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action = (struct sigaction){.sa_handler = look};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval quarter = {{0, 250000}, {0, 250000}};
    if (clock_getcpuclockid(child, &child_clock) == 0)
        setitimer(ITIMER_REAL, &quarter, NULL);
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return 2;
    double end = now(), cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    kill(-child, SIGKILL); /* what it left behind */
    FILE *result = fopen(argv[3], "w");
    if (result == NULL)
        return 2;
    fprintf(result,
            "{\"status\": %d, \"timed_out\": %s, \"wall\": %.6f, \"cpu\": %.6f, \"rss\": %ld, "
            "\"end\": %.0f}\n",
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            timed_out ? "true" : "false", (end - start) / 1e9, cpu, usage.ru_maxrss * 1024, end);
    return fclose(result) == 0 ? 0 : 2;
}
