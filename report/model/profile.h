/* SPDX-License-Identifier: MIT
 *
 * What one or many traces say, in memory. Modules, frames and stacks are those of all processes
 * together: a library two processes use is one module, and equal stacks of two processes are one
 * stack, so that leaks sum up across processes.
 *
 * Modules, frames, stacks and threads are named by an index; index 0 means none or unknown, and
 * element 0 is an empty dummy. Texts are interned in `strings`: they are terminated, may hold any
 * other byte, and must be escaped before they are shown. Sums saturate instead of wrapping, since
 * the numbers may be anything.
 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include "mmtrace.h"
#include "util/idmap.h"
#include "util/strpool.h"
#include "util/vec.h"

#include <stdbool.h>
#include <stdint.h>

struct process {
    const char *file; /* the trace */
    uint32_t pid, parent_pid;
    uint32_t flags, ending; /* enum mmt_process_flags, enum mmt_ending */
    int32_t status;
    uint64_t start_time, end_time;
    const char *executable, *directory, *backend;
    const char *arguments; /* separated by spaces */
    uint32_t snapshot; /* number; 0: the trace is of the process's end */
    const char *label; /* of the snapshot; NULL if it is none */
    uint64_t digest; /* of all its records */
    /* What the program itself says is no leak of it: lines `leak:PATTERN` that can be read; "" for
     * nothing. */
    const char *suppressions;
    bool suppressions_bad; /* it said more than could be read */
    bool incomplete; /* the file was cut off */
    bool has_mark; /* mark is valid: there is no trace, but this */
    bool has_leak_check; /* leak_check is valid */
    bool has_counters; /* counters is valid */
    bool has_sites; /* it says what was allocated at each stack */
    struct mmt_mark mark;
    struct mmt_leak_check leak_check;
    struct mmt_counters counters;
    /* What suppressions took out of it. */
    uint64_t suppressed_errors, suppressed_blocks, suppressed_bytes;
    uint64_t builtin_blocks, builtin_bytes; /* of the latter two, by built-in rules */
};

/* Leaks that built-in rules with the same reason took out of all processes. */
struct builtin_sum {
    const char *why;
    uint64_t blocks, bytes;
};

struct module {
    const char *path;
    uint32_t flags; /* enum mmt_module_flags */
    uint32_t build_id_size;
    uint8_t build_id[64];
    uint64_t size, mtime; /* of the file, 0 if not known */
};

/* One function of the chain that a code address stands for. */
struct symbol {
    const char *function; /* demangled; NULL if not known */
    /* The name of C++ before it was demangled, of a function that is not inlined; NULL: none. */
    const char *linkage;
    const char *file; /* NULL if not known */
    uint32_t line, column; /* 0 if not known */
    bool inlined; /* into the symbol after it */
    uint8_t traits; /* kept by query/callpath.h; 0: not worked out yet */
};

struct frame {
    uint64_t address; /* in the module's ELF file; in memory if the module is 0 */
    uint32_t module;
    bool exact; /* the instruction itself; otherwise a return address */
    uint8_t traits; /* of a frame without symbols; like those of a symbol */
    uint32_t first_symbol, symbols; /* innermost inlined first; symbols == 0: not known */
};

/* A call stack is named by its innermost frame; `parent` is the stack of the caller. */
struct stack {
    uint32_t frame, parent;
    uint32_t callee; /* first of the stacks it is the parent of; the others are in stack_index */
    bool truncated; /* there were more callers */
};

struct thread {
    uint32_t process; /* index into processes */
    uint32_t id, tid; /* id: number in the process, from 1 */
    uint32_t flags; /* enum mmt_thread_flags */
    uint32_t creator; /* thread */
    uint32_t creation_stack;
    const char *name;
};

struct finding {
    uint32_t process;
    /* Its ids of threads and stacks are those of this profile; its texts are below. */
    struct mmt_finding record;
    uint64_t access_start; /* first byte accessed; record.address is the first that must not be */
    uint64_t access_size; /* 0 if not known */
    const char *call, *where; /* "" if there is none */
};

struct leak {
    uint32_t process;
    struct mmt_leak record; /* its ids of threads and stacks are those of this profile */
};

/* What a process allocated at a stack. */
struct site {
    uint32_t process;
    struct mmt_site record; /* its stack is that of this profile */
};

struct note {
    uint32_t process;
    uint32_t severity; /* enum mmt_severity */
    const char *text;
};

struct function_trait {
    const char *function;
    bool internal;
};

/* What was worked out about functions, by the address of their names: many frames have the same
 * function. */
struct function_traits {
    struct idmap index;
    VEC(struct function_trait) items;
};

/* Findings, leaks, sites and notes are in the order of their processes. */
struct profile {
    struct strpool strings;
    VEC(struct process) processes;
    VEC(struct module) modules;
    VEC(struct frame) frames;
    VEC(struct stack) stacks;
    VEC(struct thread) threads;
    VEC(struct symbol) symbols;
    VEC(struct finding) findings;
    VEC(struct leak) leaks;
    VEC(struct site) sites;
    VEC(struct note) notes;
    VEC(struct builtin_sum) builtin;
    struct idmap module_index, frame_index, stack_index;
    struct function_traits *traits; /* kept by query/callpath.h */
    bool incomplete; /* some file was cut off */
    size_t lost_files; /* that were to be read and could not; nothing of them is here */
    /* Of two sets that are compared: index of the first process of the second; 0: no comparison. */
    uint32_t split;
};

void profile_init(struct profile *profile);
void profile_free(struct profile *profile);

/* Each returns the index of the equal element, added if there was none. Modules are equal when path
 * and build-id are; the flags of all are united, but for MMT_MODULE_UNLOADED. */
uint32_t profile_module(struct profile *profile, const struct module *module);
uint32_t profile_frame(struct profile *profile, uint32_t module, uint64_t address, bool exact);
uint32_t profile_stack(struct profile *profile, uint32_t parent, uint32_t frame, bool truncated);

/* Makes room for `count` more stacks. */
void profile_reserve_stacks(struct profile *profile, size_t count);

/* Takes out the processes for which kept[index] is false, with what belongs to them. */
void profile_keep_processes(struct profile *profile, const bool *kept);

/* Index of the first note of a process, or of a later one. */
size_t profile_first_note(const struct profile *profile, uint32_t process);

/* a + b, or UINT64_MAX. */
uint64_t profile_add(uint64_t a, uint64_t b);

/* The last part of a path; the path itself if that is empty. */
const char *profile_basename(const char *path);

#endif
