/* SPDX-License-Identifier: MIT */
#include "process/own_mark.h"

#include <limits.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#include "base/bits.h"
#include "base/sys.h"
#include "diag/findings.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "process/children.h"
#include "process/environment.h"
#include "process/trace_file.h"
#include "trace/process_mark.h"

static struct findings_growth growth; /* LOCK_REPORT */

/* Counted in memory that a process shares with its children. */
struct children {
    _Atomic uint32_t forked, begun;
};

static struct {
    struct children *own; /* made at the first fork */
    bool forking; /* in a child: it was announced to its parent's count */
} family;

static void own_mark_put_finding(struct trace_writer *writer, void *argument)
{
    findings_put_growing(writer, *(const uint32_t *)argument, &growth);
}

static void own_mark_on_finding(uint32_t id)
{
    if (!guard.ignored)
        process_mark_finding(own_mark_put_finding, &id);
}

static bool wanted(void)
{
    bool own_folder = guard.options.dir[0] != '.' || guard.options.dir[1];
    return (guard.options.keep || own_folder) && !guard.passthrough && !heap_in_sandbox();
}

static uint32_t own_flags(void)
{
    return guard.ignored ? MMT_MARK_LEFT_OUT : 0;
}

/* In the child. */
static void begin(struct children *parents)
{
    atomic_fetch_add(&parents->begun, 1);
    sys_futex_wake_shared(&parents->begun, INT_MAX);
    sys_unmap(parents, PAGE_SIZE);
}

static void start(void)
{
    char directory[2048];
    growth = (struct findings_growth){0};
    findings_keep(own_mark_on_finding);
    trace_file_directory(directory, sizeof(directory));
    process_mark_start(directory, &guard.process, own_flags());
}

void own_mark_start(void)
{
    struct children *parents = family.forking ? family.own : NULL;
    if (wanted())
        start();
    if (parents)
        begin(parents);
    family.own = NULL;
    family.forking = false;
}

void own_mark_before_fork(void)
{
    if (!wanted())
        return;
    if (!family.own) {
        long page = sys_call6(SYS_mmap, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        family.own = sys_failed(page) ? NULL : (struct children *)page;
    }
    family.forking = family.own != NULL;
    if (family.own)
        atomic_fetch_add(&family.own->forked, 1);
}

void own_mark_in_parent(void)
{
    family.forking = false;
}

/* There may be no child, or it was killed before it got there. */
static void wait_for_children(void)
{
    struct timespec patience = {.tv_nsec = 50000000};
    struct children *own = family.own;
    for (int i = 0; own && i < 20; i++) {
        uint32_t begun = atomic_load(&own->begun);
        if (begun >= atomic_load(&own->forked))
            return;
        sys_futex_wait_shared(&own->begun, begun, &patience);
    }
}

/* A script is known by its interpreter's name, which is not looked up here. */
static bool is_left_out(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if (*path == '/')
            name = path + 1;
    return !children_wants(guard.options.follow, name);
}

static uint32_t exec_flags(const char *path, char *const *environment)
{
    return (is_left_out(path) ? MMT_MARK_LEFT_OUT : 0) |
           (environment_preloads(environment) ? 0 : MMT_MARK_NO_PRELOAD);
}

static void mark_child(int pid, uint64_t time, const char *path, char *const *environment)
{
    char directory[2048];
    trace_file_directory(directory, sizeof(directory));
    process_mark_of_child(directory, pid, time, path, exec_flags(path, environment));
}

void own_mark_before_exec(const char *path, char *const *environment)
{
    if (sys_getpid() == guard.pid)
        process_mark_exec(path, exec_flags(path, environment));
    else if (wanted())
        mark_child(sys_getpid(), sys_clock(CLOCK_REALTIME), path, environment);
}

void own_mark_exec_failed(void)
{
    char directory[2048];
    if (sys_getpid() == guard.pid) {
        process_mark_exec_failed(own_flags());
    } else if (wanted()) {
        trace_file_directory(directory, sizeof(directory));
        process_mark_child_failed(directory, sys_getpid());
    }
}

/* The child may be through already; a trace that it always leaves then tells so. */
void own_mark_spawned(int pid, uint64_t time, const char *path, char *const *environment)
{
    if (wanted() && guard.options.keep)
        mark_child(pid, time, path, environment);
}

bool own_mark_owes(const char *name, char *const *environment)
{
    return wanted() && !is_left_out(name) && !environment_preloads(environment);
}

void own_mark_end(bool lost)
{
    char directory[2048];
    wait_for_children();
    /* The last process of a run that has outlived mmguard finds the folder empty. */
    if (process_mark_end(lost) && trace_file_is_left(directory, sizeof(directory)))
        sys_call3(SYS_rmdir, (long)directory, 0, 0);
}

void own_mark_after_fork(void)
{
    process_mark_after_fork();
}
