/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/sys.h"
#include "leak/world.h"
#include "unit.h"

#define THREADS 8
#define STOPS   100

enum way { SPIN, READ, PAUSE, LOCK, WAYS };

struct worker {
    pthread_t thread;
    enum way way;
    bool block_all;
    _Atomic int32_t tid;
    _Atomic uint64_t turns;
    _Atomic bool wrong;
};

static struct {
    struct worker workers[THREADS];
    int pipe[2];
    _Atomic bool quit;
} crowd;

static void work_once(struct worker *worker)
{
    switch (worker->way) {
    case SPIN:
        errno = 77;
        for (int i = 0; i < 1000; i++)
            __asm__ volatile("pause" : : : "memory");
        if (errno != 77)
            atomic_store(&worker->wrong, true);
        break;
    case READ: {
        char byte;
        if (read(crowd.pipe[0], &byte, 1) != 1) /* not even interrupted */
            atomic_store(&worker->wrong, true);
        break;
    }
    case PAUSE: {
        sigset_t none;
        sigemptyset(&none);
        struct timespec long_time = {1000, 0};
        sigtimedwait(&none, NULL, &long_time);
        break;
    }
    default: {
        uint64_t mask = lock_enter(LOCK_REPORT);
        lock_leave(LOCK_REPORT, mask);
        break;
    }
    }
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    sigset_t all;
    sigfillset(&all);
    if (worker->block_all)
        pthread_sigmask(SIG_SETMASK, &all, NULL);
    atomic_store(&worker->tid, sys_gettid());
    while (!atomic_load(&crowd.quit)) {
        work_once(worker);
        atomic_fetch_add(&worker->turns, 1);
    }
    return NULL;
}

static void wake_up(int signal)
{
    (void)signal;
}

static void crowd_start(const enum way *ways, size_t count, size_t blocking)
{
    memset(&crowd, 0, sizeof(crowd));
    CU_ASSERT_EQUAL_FATAL(pipe(crowd.pipe), 0);
    signal(SIGUSR1, wake_up);
    for (size_t i = 0; i < count; i++) {
        struct worker *worker = &crowd.workers[i];
        worker->way = ways[i];
        worker->block_all = i < blocking;
        CU_ASSERT_EQUAL_FATAL(pthread_create(&worker->thread, NULL, work, worker), 0);
    }
    for (size_t i = 0; i < count; i++)
        while (!atomic_load(&crowd.workers[i].tid))
            sched_yield();
}

static void crowd_end(size_t count)
{
    atomic_store(&crowd.quit, true);
    char bytes[THREADS] = {0};
    CU_ASSERT_EQUAL(write(crowd.pipe[1], bytes, count), (ssize_t)count);
    for (size_t i = 0; i < count; i++) {
        pthread_kill(crowd.workers[i].thread, SIGUSR1);
        pthread_join(crowd.workers[i].thread, NULL);
        CU_ASSERT_FALSE(atomic_load(&crowd.workers[i].wrong));
    }
    close(crowd.pipe[0]);
    close(crowd.pipe[1]);
}

struct census {
    uint32_t threads, stopped;
    bool crowd_stopped[THREADS];
    bool good;
};

static void take_census(const struct world_thread *thread, void *argument)
{
    struct census *census = argument;
    census->threads++;
    census->stopped += thread->stopped;
    if (thread->stopped && (!thread->stack_pointer || !thread->thread_pointer || !thread->context))
        census->good = false;
    for (int i = 0; i < THREADS; i++)
        if (atomic_load(&crowd.workers[i].tid) == thread->tid)
            census->crowd_stopped[i] = thread->stopped;
}

static uint64_t all_turns(void)
{
    uint64_t turns = 0;
    for (int i = 0; i < THREADS; i++)
        turns += atomic_load(&crowd.workers[i].turns);
    return turns;
}

/* Stops and resumes once, as the leak check does: under its lock. */
static void stop_once(struct census *census, struct world_count *count)
{
    *census = (struct census){.good = true};
    uint64_t mask = lock_enter(LOCK_LEAK_CHECK);
    const char *failure = world_stop(count);
    CU_ASSERT_PTR_NULL_FATAL(failure);
    world_each(take_census, census);
    uint64_t before = all_turns();
    for (int i = 0; i < 1000; i++)
        sys_call3(SYS_sched_yield, 0, 0, 0);
    CU_ASSERT_EQUAL(all_turns(), before);
    world_resume();
    lock_leave(LOCK_LEAK_CHECK, mask);
    CU_ASSERT(census->good);
    CU_ASSERT_EQUAL(census->threads, count->threads);
    CU_ASSERT_EQUAL(census->threads - census->stopped, count->unstopped);
}

TEST(test_stop_all, "eight threads, a hundred times")
{
    static const enum way ways[THREADS] = {SPIN, SPIN, READ, READ, PAUSE, LOCK, LOCK, READ};
    crowd_start(ways, THREADS, 0);
    for (int round = 0; round < STOPS; round++) {
        struct census census;
        struct world_count count;
        stop_once(&census, &count);
        CU_ASSERT_EQUAL(count.threads, THREADS);
        CU_ASSERT_EQUAL(count.unstopped, 0);
    }
    uint64_t before = atomic_load(&crowd.workers[0].turns);
    while (atomic_load(&crowd.workers[0].turns) == before)
        sched_yield(); /* they do go on */
    crowd_end(THREADS);
}

TEST(test_blocking_threads, "threads that block all signals")
{
    static const enum way ways[THREADS] = {READ, READ, SPIN, READ, PAUSE, LOCK};
    crowd_start(ways, 6, 2);
    for (int round = 0; round < 5; round++) {
        struct census census;
        struct world_count count;
        stop_once(&census, &count);
        CU_ASSERT_EQUAL(count.threads, 6);
        CU_ASSERT_EQUAL(count.unstopped, 2);
        for (int i = 0; i < 6; i++)
            CU_ASSERT_EQUAL(census.crowd_stopped[i], i >= 2);
    }
    crowd_end(6);
}

static void *nothing(void *argument)
{
    return argument;
}

static void *storm(void *argument)
{
    while (!atomic_load(&crowd.quit)) {
        pthread_t thread[4];
        int made = 0;
        while (made < 4 && pthread_create(&thread[made], NULL, nothing, NULL) == 0)
            made++;
        while (made)
            pthread_join(thread[--made], NULL);
    }
    return argument;
}

TEST(test_storm, "threads that start and end all the time")
{
    static const enum way ways[THREADS] = {SPIN, READ, PAUSE, LOCK};
    crowd_start(ways, 4, 0);
    pthread_t storms[2];
    for (int i = 0; i < 2; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&storms[i], NULL, storm, NULL), 0);
    for (int round = 0; round < STOPS; round++) {
        struct census census;
        struct world_count count;
        stop_once(&census, &count);
        CU_ASSERT(count.threads >= 6 && count.threads <= 14);
        CU_ASSERT_EQUAL(count.unstopped, 0);
        for (int i = 0; i < 4; i++)
            CU_ASSERT(census.crowd_stopped[i]);
    }
    atomic_store(&crowd.quit, true);
    for (int i = 0; i < 2; i++)
        pthread_join(storms[i], NULL);
    crowd_end(4);
}

TEST(test_alone, "alone")
{
    struct census census;
    struct world_count count;
    memset(&crowd, 0, sizeof(crowd));
    stop_once(&census, &count);
    CU_ASSERT_EQUAL(count.threads, 0);
}

TEST(test_stray_signal, "a stray stop signal")
{
    CU_ASSERT_EQUAL(sys_tgkill(sys_getpid(), sys_gettid(), world_signal()), 0);
}

static _Atomic bool main_gone;

static void *check_beside_zombie(void *argument)
{
    (void)argument;
    struct world_count count;
    while (!atomic_load(&main_gone))
        sched_yield();
    uint64_t mask = lock_enter(LOCK_LEAK_CHECK);
    bool good = !world_stop(&count) && count.unstopped == 0;
    world_resume();
    lock_leave(LOCK_LEAK_CHECK, mask);
    _exit(good ? 0 : 1);
}

/* A main thread that has ended stays in the list for as long as the process lives, and answers
 * nothing. */
TEST(test_ended_main_thread, "a main thread that has ended")
{
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, check_beside_zombie, NULL))
            _exit(2);
        atomic_store(&main_gone, true);
        pthread_exit(NULL);
    }
    int status = -1;
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT_EQUAL(status, 0);
}

static int set_up(void)
{
    return world_init();
}

SUITE("world", set_up, NULL);
