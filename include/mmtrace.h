/* SPDX-License-Identifier: MIT
 *
 * The trace: what libguard writes and mmreport reads. One file a process.
 *
 * A file is a `struct mmt_header` followed by records. A record is a `struct mmt_record`, then
 * `length` bytes of payload, then zero bytes up to the next multiple of 8. All numbers are
 * little-endian; all structures have no padding of the compiler's. A reader skips record types it
 * does not know, and bytes at the end of a payload that its version does not know (a later writer
 * may append fields), so only a change that an old reader would misunderstand raises MMT_VERSION.
 *
 * The last record is MMT_END. A file without it is incomplete: what it holds is true, and it does
 * not hold everything. The same bytes, without a MMT_LEAKS record, are what libguard hands to
 * `mmreport` on a descriptor to print one finding.
 *
 * Texts are byte ranges of the payload they belong to; they are not terminated, their encoding is
 * unknown and they may hold any byte. Ids are dense and start at 1; 0 means none or unknown. Of
 * stacks and modules a file holds what its other records name, and their callers; of a forked
 * process all of it is what happened since the fork.
 *
 * This header is shared by both halves of the product and includes nothing but <stdint.h>.
 */
#ifndef MMTRACE_H
#define MMTRACE_H

#include <stdint.h>

#define MMT_MAGIC "mmgtrace" /* 8 bytes, no terminating zero in the file */
#define MMT_VERSION 1u
#define MMT_VERSION_MERGED 2u /* of several processes; see MMT_PROCESS */
#define MMT_BYTE_ORDER 0x01020304u
#define MMT_SUFFIX ".mmg"
#define MMT_LIVE_TAG "-live" /* in the names of live files */
#define MMT_SNAPSHOT_TAG "-snapshot-" /* in the names of snapshots, before their number */
#define MMT_MARK_SUFFIX ".mark" /* of the names of marks, in place of MMT_SUFFIX */

/* The folder of a run under mmguard, by the beginning of its name: one in the folder that traces
 * are to stay in, or one that is thrown away. With the permission bit MMT_FOLDER_LEFT, which
 * otherwise means nothing of a folder, mmguard has returned; what processes write from then on they
 * move or throw away themselves. */
#define MMT_FOLDER_KEPT ".mmguard-"
#define MMT_FOLDER "mmguard-"
#define MMT_FOLDER_LEFT 04000

struct mmt_header {
    char magic[8];
    uint32_t version;     /* MMT_VERSION or MMT_VERSION_MERGED */
    /* where the first record starts; >= sizeof(struct mmt_header), a multiple of 8 */
    uint32_t header_size;
    uint32_t byte_order;  /* MMT_BYTE_ORDER */
    uint32_t machine;     /* ELF e_machine: 62 is x86-64 */
};

enum mmt_type {
    MMT_PROCESS = 1,
    MMT_MODULE = 2,
    MMT_STACKS = 3,
    MMT_THREAD = 4,
    MMT_FINDING = 5,
    MMT_LEAK_CHECK = 6,
    MMT_LEAKS = 7,
    MMT_COUNTERS = 8,
    MMT_NOTE = 9,
    MMT_END = 10,
    MMT_SITES = 11,
    MMT_SNAPSHOT = 12,
    MMT_SUPPRESSIONS = 13,
    MMT_PADDING = 14, /* nothing */
    MMT_LIVE = 15,
    MMT_MARK = 18,
};

struct mmt_record {
    uint32_t type;     /* enum mmt_type */
    uint32_t reserved; /* 0 */
    uint64_t length;   /* bytes of payload, without the padding after it */
};

/* A range of the payload of the record it stands in. */
struct mmt_text {
    uint32_t offset;
    uint32_t length;
};

/* MMT_PROCESS: once, the first record. In a file of version MMT_VERSION_MERGED, which `mmreport
 * merge` writes, there is any number of them: each begins the records of one process, which go on
 * to the next or to the end; ids count within that. These sequences are in the order of their
 * bytes, so that the same processes always make the same file. */
enum mmt_process_flags {
    /* began as a fork of a guarded process; blocks it inherited are not in its leaks */
    MMT_PROCESS_FORKED = 1,
    /* only in merged files: this process's own file had no MMT_END; ids may have no record */
    MMT_PROCESS_CUT = 2,
    /* option builtin_suppressions=0: reports also list what libraries of the system keep */
    MMT_PROCESS_ALL_LEAKS = 4,
};
enum mmt_ending {
    MMT_ENDING_UNKNOWN = 0, /* still running, or ended in a way that could not be seen */
    MMT_ENDING_EXIT = 1,    /* exit() or return from main */
    MMT_ENDING_UNDERSCORE_EXIT = 2,
    MMT_ENDING_QUICK_EXIT = 3,
    MMT_ENDING_ABORT = 4, /* libguard raised SIGABRT because of on_error=abort */
    MMT_ENDING_SIGNAL = 5, /* a signal the program has no handler for; status is its number */
    MMT_ENDING_EXEC = 6,   /* it became another program */
};
struct mmt_process {
    uint32_t pid, parent_pid;
    uint32_t flags;  /* enum mmt_process_flags */
    uint32_t ending; /* enum mmt_ending */
    int32_t status;  /* exit status, or -1 if not known */
    uint32_t page_size;
    uint64_t start_time, end_time; /* CLOCK_REALTIME, nanoseconds since 1970; 0 if not known */
    struct mmt_text executable;    /* absolute path */
    struct mmt_text arguments;     /* argv, each with a terminating zero byte */
    struct mmt_text directory;     /* working directory at start */
    struct mmt_text backend;       /* how pages are revoked: "guard", "mprotect", ... */
};

/* MMT_MODULE: an executable, shared library or the vdso, mapped at a place for a time. A module
 * that is unloaded and loaded again, or another one at the same address, has a record and an id of
 * its own. */
enum mmt_module_flags {
    MMT_MODULE_MAIN = 1,
    MMT_MODULE_VDSO = 2,
    MMT_MODULE_UNLOADED = 4,
    MMT_MODULE_GUARD = 8, /* libguard.so itself */
};
struct mmt_module {
    uint32_t id;
    uint32_t flags;      /* enum mmt_module_flags */
    uint64_t bias;       /* address in memory minus address in the file's ELF headers */
    uint64_t start, end; /* mapped addresses: start <= pc < end */
    /* of the file when it was recorded, mtime in nanoseconds; 0 if not known */
    uint64_t device, inode, size, mtime;
    struct mmt_text path;     /* absolute if it could be found out */
    struct mmt_text build_id; /* bytes, not hexadecimal; read from memory */
};

/* MMT_STACKS: a part of the tree of call stacks. Node `first_id + i` is element i. A stack is named
 * by the id of its innermost frame; `parent` is the caller's frame and is always less than the
 * node's own id. */
#define MMT_FRAME_MODULE_MASK 0x00ffffffu
/* pc is the instruction itself; otherwise it is a return address. */
#define MMT_FRAME_EXACT 0x01000000u
#define MMT_FRAME_TRUNCATED 0x02000000u /* callers beyond this frame were cut by the depth limit */
struct mmt_frame {
    uint64_t pc; /* address in memory */
    uint32_t parent;
    uint32_t module; /* module id (0: in no known module) and MMT_FRAME_ flags */
};
struct mmt_stacks {
    uint32_t first_id;
    uint32_t count; /* struct mmt_frame[count] follows */
};

/* MMT_THREAD */
enum mmt_thread_flags {
    MMT_THREAD_MAIN = 1,
    MMT_THREAD_ENDED = 2,
    MMT_THREAD_INHERITED = 4, /* belongs to the process this one was forked from */
};
struct mmt_thread {
    uint32_t id;
    uint32_t tid; /* the kernel's */
    uint32_t flags;
    uint32_t creator;        /* thread id */
    uint32_t creation_stack; /* stack id */
    uint32_t reserved;
    char name[16]; /* zero-padded */
};

/* Functions that allocate and free. */
enum mmt_function {
    MMT_FUNCTION_NONE = 0,
#define MM_FUNCTION(enumerator, value, name, family) MMT_FUNCTION_##enumerator = value,
#include "mmfunctions.def"
#undef MM_FUNCTION
};

/* Kinds of error. */
enum mmt_error {
    MMT_ERROR_NONE = 0,
#define MM_ERROR(enumerator, value, slug, title, cwe, severity, meaning)                           \
    MMT_ERROR_##enumerator = value,
#include "mmerrors.def"
#undef MM_ERROR
};

/* MMT_FINDING: one error; `count` says how often the same error (kind and stacks) came again. */
enum mmt_finding_flags {
    MMT_FINDING_BLOCK = 1,       /* block_* are valid */
    MMT_FINDING_FREED = 2,       /* the block had been freed: free_* are valid */
    /* instruction and registers are valid: the error is a fault of that instruction */
    MMT_FINDING_INSTRUCTION = 4,
    /* the block was allocated before the fork, by the parent process */
    MMT_FINDING_INHERITED = 8,
    /* the access itself was not seen, but what it left; `stack` is where that was noticed */
    MMT_FINDING_LATE = 16,
};
enum mmt_direction {
    MMT_DIRECTION_NONE = 0,
    MMT_DIRECTION_READ = 1,
    MMT_DIRECTION_WRITE = 2,
};
/* index into `registers`; the order of the encoding in instructions, then the instruction
 * pointer */
enum mmt_register {
    MMT_RAX, MMT_RCX, MMT_RDX, MMT_RBX, MMT_RSP, MMT_RBP, MMT_RSI, MMT_RDI,
    MMT_R8, MMT_R9, MMT_R10, MMT_R11, MMT_R12, MMT_R13, MMT_R14, MMT_R15,
    MMT_RIP, MMT_RFLAGS, MMT_FS_BASE, MMT_GS_BASE, MMT_REGISTERS
};
struct mmt_finding {
    uint32_t id;         /* order of appearance in the process, from 1 */
    uint32_t kind;       /* enum mmt_error */
    uint32_t flags;      /* enum mmt_finding_flags */
    uint32_t direction;  /* enum mmt_direction */
    uint64_t count;      /* times seen, >= 1 */
    uint64_t time;       /* CLOCK_REALTIME, nanoseconds */
    /* the address at fault, the pointer given to free(), or the first damaged byte */
    uint64_t address;
    uint64_t size;       /* bytes accessed, given to the function, or asked for; 0 if not known */
    uint32_t thread, stack; /* who did it, and where */
    uint64_t block_start, block_size;
    uint32_t block_alignment; /* bytes */
    /* enum mmt_function: what was called, for errors in freeing and allocating; else NONE */
    uint32_t function;
    uint32_t alloc_function, free_function; /* enum mmt_function */
    uint32_t alloc_thread, alloc_stack;
    uint32_t free_thread, free_stack;
    uint32_t instruction_length; /* valid bytes in `instruction`, <= 16 */
    /* LATE and slack damage: the byte that was there, and the one found in its place */
    uint8_t damage_expected, damage_found;
    /* bytes in a row that were overwritten, as far as was looked; 0: the three are not known */
    uint16_t damage_length;
    uint8_t instruction[16];
    uint64_t registers[MMT_REGISTERS];
    struct mmt_text call;  /* name of the library function whose argument was wrong, if any */
    /* what an address outside the heap belongs to ("stack of thread 2", a module's path, ...) */
    struct mmt_text where;
};

/* MMT_LEAK_CHECK: what the search for leaks did. Without this record, or with a status other than
 * DONE, nothing is known about leaks, and no reader may say that there are none. */
enum mmt_leak_status {
    MMT_LEAK_NOT_RUN = 0, /* turned off by leak_check=0 */
    MMT_LEAK_DONE = 1,
    MMT_LEAK_FAILED = 2, /* the reason is in a MMT_NOTE */
};
enum mmt_leak_kind {
    MMT_LEAK_DEFINITE = 0, /* no pointer to the block was found */
    MMT_LEAK_INDIRECT = 1, /* only blocks that leak themselves point to it */
    MMT_LEAK_POSSIBLE = 2, /* found only by a pointer into its middle, or through such a block */
    MMT_LEAK_REACHABLE = 3,
    MMT_LEAK_KINDS = 4,
};
/* Why threads could not be stopped, as bits. */
enum mmt_unstopped {
    MMT_UNSTOPPED_BLOCKED = 1,  /* keeps the signal blocked that stops threads */
    MMT_UNSTOPPED_WAITING = 2,  /* waits in the kernel where it takes no signal: vfork, a device */
    MMT_UNSTOPPED_HALTED = 4,   /* by a debugger */
    MMT_UNSTOPPED_SLOW = 8,     /* did not get to run in time */
    MMT_UNSTOPPED_REFUSED = 16, /* the kernel refused to send the signal */
};
struct mmt_leak_check {
    uint32_t status;            /* enum mmt_leak_status */
    uint32_t threads;           /* other threads that were there */
    uint32_t threads_unstopped; /* of them, those that could not be stopped */
    uint32_t unstopped_reasons; /* enum mmt_unstopped; 0: not known */
    uint64_t duration; /* nanoseconds */
    uint64_t root_bytes;
    uint64_t blocks[MMT_LEAK_KINDS], bytes[MMT_LEAK_KINDS];
};

/* MMT_LEAKS: blocks that are alive at the end, summed up by (stack, thread, function, kind). */
struct mmt_leak {
    uint32_t stack, thread; /* of the allocation */
    uint32_t function;      /* enum mmt_function */
    uint32_t kind;          /* enum mmt_leak_kind */
    uint64_t blocks, bytes;
    union {
        /* of a definite leak: what only it holds (also listed as INDIRECT) */
        uint64_t indirect_blocks;
        /* of an indirect leak: the stack of the definite one that holds it; 0: not known */
        uint64_t holder;
    };
    uint64_t indirect_bytes; /* of a definite leak */
    uint64_t address;                         /* of one of the blocks */
};
struct mmt_leaks {
    uint64_t count; /* struct mmt_leak[count] follows */
};

/* MMT_SITES: what was allocated at each stack since the process began or was forked. An element has
 * (length - 8) / count bytes: a later writer may append fields to each. */
struct mmt_site {
    uint32_t stack;
    uint32_t reserved;
    uint64_t allocations, bytes; /* realloc counts as one of each */
    /* of blocks from there, wherever they were freed; also of some that a forked process
     * inherited */
    uint64_t frees, freed_bytes;
    uint64_t peak_bytes;         /* most that was live at one time, inherited blocks included */
    /* frees by the allocating thread before it allocated anything else */
    uint64_t freed_next;
    /* of allocations: CLOCK_REALTIME, nanoseconds, some milliseconds coarse; 0 if not known */
    uint64_t first_time, last_time;
};
#define MMT_SITE_LEAST 56 /* bytes of an element of the first version, up to freed_next */
struct mmt_sites {
    uint64_t count; /* struct mmt_site[count] follows */
};

/* MMT_COUNTERS: of the whole process. */
struct mmt_counters {
    uint64_t allocations, frees, bytes_allocated; /* totals; realloc counts as one of each */
    uint64_t blocks_live, bytes_live;             /* at the end */
    uint64_t blocks_unguarded;                    /* blocks that could not be given a guard page */
    /* memory of libguard's own tables, bytes in use */
    uint64_t own_bytes;
    uint64_t findings, findings_dropped;          /* different ones; those beyond max_errors */
};

/* MMT_NOTE: something a reader must be told. */
enum mmt_severity {
    MMT_NOTE_INFO = 0,
    MMT_NOTE_DEGRADED = 1,   /* a protection was lost; what is reported is still true */
    MMT_NOTE_INCOMPLETE = 2, /* something is missing from this file; never say "clean" */
};
struct mmt_note {
    uint32_t severity; /* enum mmt_severity */
    uint32_t reserved;
    struct mmt_text text;
};

/* MMT_SNAPSHOT: the file is not of the process's end but of a moment before it, asked for from
 * inside or outside. */
struct mmt_snapshot {
    uint32_t number; /* in the process, from 1 */
    uint32_t reserved;
    uint64_t time; /* CLOCK_REALTIME, nanoseconds */
    struct mmt_text label;
};

/* How a snapshot is asked for from outside: this signal, queued with the value REQUEST << 32 |
 * number of a pipe's descriptor in the process that asks. The answer on the pipe is a line with the
 * path of the trace, empty if there is none. */
#define MMT_REQUEST_SIGNAL 63
#define MMT_REQUEST_SNAPSHOT 0x6d6d6773u

/* MMT_SUPPRESSIONS: what the program itself says is no leak, in the sanitizers' form:
 * `leak:PATTERN` lines. */
struct mmt_suppressions {
    struct mmt_text text;
};

/* MMT_LIVE: in the live file, which is a trace of a process that runs: what lives. An entry with an
 * address below 8 is none. In such a file nodes of MMT_STACKS may be zero: they are not there
 * yet. */
struct mmt_live {
    uint64_t address, size;
    uint32_t stack, thread; /* of the allocation */
    uint32_t function;      /* enum mmt_function */
    uint32_t reserved;
};
struct mmt_live_blocks {
    uint32_t closed;     /* not 0: the process came to its end, another trace tells of it */
    uint32_t entry_size; /* sizeof(struct mmt_live) */
    uint64_t count;      /* struct mmt_live[count] follows */
};

/* MMT_MARK: second record of a mark, mmguard-<pid>.mark, which is there from the start of a process
 * to its end: what is left of one of whose end nothing else tells. Behind it come the errors that
 * were reported, and no MMT_END. */
enum mmt_mark_state {
    MMT_MARK_RUNNING = 1,
    MMT_MARK_ENDED = 2, /* it came to its end; the mark says nothing */
    MMT_MARK_LOST = 3,  /* it came to its end, and its trace could not be written */
    MMT_MARK_EXEC = 4,  /* it became `program`, which takes the mark over if it is guarded */
};
enum mmt_mark_flags {
    MMT_MARK_LEFT_OUT = 1,   /* by option `follow`: its end is of no interest */
    MMT_MARK_NO_PRELOAD = 2, /* EXEC: the environment it was given does not preload libguard */
    MMT_MARK_SANDBOX = 8,    /* it entered a sandbox from which no trace can be written */
    MMT_MARK_OUTLIVES = 4,   /* RUNNING: mmguard has returned meanwhile, and says no more of it */
};
struct mmt_mark {
    uint32_t state;    /* enum mmt_mark_state */
    uint32_t flags;    /* enum mmt_mark_flags */
    uint32_t findings; /* different errors that were reported */
    uint32_t signal;   /* that ended the process, if its parent said so; else 0 */
    uint64_t time;     /* EXEC: CLOCK_REALTIME, nanoseconds */
    char program[232]; /* EXEC: path, or the end of a longer one; zero-padded */
};

/* MMT_END */
struct mmt_end {
    uint64_t records;   /* records before this one; 0 in a live file */
    uint64_t file_size; /* offset of the end of this record */
};

#if defined(__cplusplus)
#define MMT_ASSERT(condition) static_assert(condition, #condition)
#else
#define MMT_ASSERT(condition) _Static_assert(condition, #condition)
#endif
MMT_ASSERT(sizeof(struct mmt_header) == 24);
MMT_ASSERT(sizeof(struct mmt_record) == 16);
MMT_ASSERT(sizeof(struct mmt_process) == 72);
MMT_ASSERT(sizeof(struct mmt_module) == 80);
MMT_ASSERT(sizeof(struct mmt_frame) == 16);
MMT_ASSERT(sizeof(struct mmt_stacks) == 8);
MMT_ASSERT(sizeof(struct mmt_thread) == 40);
MMT_ASSERT(sizeof(struct mmt_finding) == 128 + 8 * MMT_REGISTERS + 16);
MMT_ASSERT(sizeof(struct mmt_leak_check) == 96);
MMT_ASSERT(sizeof(struct mmt_leak) == 56);
MMT_ASSERT(sizeof(struct mmt_leaks) == 8);
MMT_ASSERT(sizeof(struct mmt_site) == 72);
MMT_ASSERT(sizeof(struct mmt_sites) == 8);
MMT_ASSERT(sizeof(struct mmt_counters) == 72);
MMT_ASSERT(sizeof(struct mmt_note) == 16);
MMT_ASSERT(sizeof(struct mmt_snapshot) == 24);
MMT_ASSERT(sizeof(struct mmt_suppressions) == 8);
MMT_ASSERT(sizeof(struct mmt_live) == 32);
MMT_ASSERT(sizeof(struct mmt_live_blocks) == 16);
MMT_ASSERT(sizeof(struct mmt_mark) == 256);
MMT_ASSERT(sizeof(struct mmt_end) == 16);
#undef MMT_ASSERT

#endif
