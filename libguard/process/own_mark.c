/* SPDX-License-Identifier: MIT */
#include "process/own_mark.h"

#include "base/probe.h"
#include "base/sys.h"
#include "diag/findings.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "process/children.h"
#include "process/trace_file.h"
#include "trace/process_mark.h"

static struct findings_growth growth; /* LOCK_REPORT */

static void put_finding(struct trace_writer *writer, void *argument)
{
    findings_put_growing(writer, *(const uint32_t *)argument, &growth);
}

static void on_finding(uint32_t id)
{
    if (!guard.ignored)
        process_mark_finding(put_finding, &id);
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

void own_mark_start(void)
{
    char directory[2048];
    if (!wanted())
        return;
    growth = (struct findings_growth){0};
    findings_keep(on_finding);
    trace_file_directory(directory, sizeof(directory));
    process_mark_start(directory, &guard.process, own_flags());
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

/* As far as the variable goes: its value may name other libraries only. */
static bool preloads(char *const *environment)
{
    static const char name[16] = "LD_PRELOAD=";
    uint64_t wanted[2], word[2];
    uintptr_t entry;
    __builtin_memcpy(wanted, name, sizeof(wanted));
    for (; probe_word((uintptr_t)environment, &entry) && entry; environment++)
        if (probe_word(entry, &word[0]) && word[0] == wanted[0] &&
            probe_word(entry + sizeof(word[0]), &word[1]) && !((word[1] ^ wanted[1]) & 0xffffff))
            return true;
    return false;
}

void own_mark_before_exec(const char *path, char *const *environment)
{
    if (sys_getpid() != guard.pid)
        return;
    process_mark_exec(path, (is_left_out(path) ? MMT_MARK_LEFT_OUT : 0) |
                                (preloads(environment) ? 0 : MMT_MARK_NO_PRELOAD));
}

void own_mark_exec_failed(void)
{
    if (sys_getpid() == guard.pid)
        process_mark_exec_failed(own_flags());
}

void own_mark_after_fork(void)
{
    process_mark_after_fork();
}
