/* SPDX-License-Identifier: MIT
 *
 * A library to preload that captures the stack of every malloc and free of a program as libguard
 * does and compares it with what libgcc's unwinder and libunwind say. The program keeps libc's
 * heap. At the end of each process a line of counts is appended to the file in STACK_ORACLE_LOG;
 * the first stacks of each kind that are not equal go to STACK_ORACLE_LOG.stacks.
 *
 *     equal        the same frames
 *     further      ours goes on where the other stops: at code without unwind information, or where
 *                  it gives up. Each frame that is only ours is a return address right behind a
 *                  call instruction, and the last one is in the code that starts a program or
 *                  thread (libgcc: or libunwind, asked about the same stack, has the same frames)
 *     unproved     ours goes on, and one of these does not hold
 *     short        the other goes on where ours stops
 *     wrong        a frame differs
 *
 * With STACK_ORACLE_TIMES set nothing is compared; the time of our capture (with id) and of
 * libunwind's (addresses only) is measured instead, one right after the other, and the line says
 * `guard-ns N libunwind-ns N`, the sums.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include "base/bits.h"
#include "base/probe.h"
#include "stack/capture.h"
#include "stack/cfi.h"
#include "stack/depot.h"
#include "stack/modules.h"

#define EXPORT __attribute__((visibility("default")))
#define LIST   (STACK_DEPTH_MAX + 64)
#define SHOWN  10

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
    *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

enum outcome { EQUAL, FURTHER, UNPROVED, SHORT, WRONG, OUTCOMES };
static const char *const outcome_names[] = {"equal", "further", "unproved", "short", "wrong"};

enum oracle { LIBGCC, LIBUNWIND, ORACLES };
static const char *const oracle_names[] = {"libgcc", "libunwind"};

struct list {
    size_t count;
    uintptr_t pc[LIST];
};

static struct {
    _Atomic unsigned long turn, captures, frames, truncated, counts[ORACLES][OUTCOMES];
    int (*unwind_backtrace)(void **frames, int size);
    bool ready, times;
    _Atomic unsigned long ticks[2];
    unsigned long ticks_of_nothing;
    double ns_a_tick;
} oracle;

/* The comparison itself may allocate. */
static __thread bool inside __attribute__((tls_model("initial-exec")));

static _Unwind_Reason_Code append(struct _Unwind_Context *context, void *argument)
{
    struct list *list = argument;
    if (list->count == LIST || !_Unwind_GetIP(context))
        return _URC_END_OF_STACK;
    list->pc[list->count++] = _Unwind_GetIP(context);
    return _URC_NO_REASON;
}

static bool follows_call(uintptr_t pc)
{
    uintptr_t word;
    if (!probe_word(pc - 8, &word))
        return false;
    const uint8_t *before = (const uint8_t *)&word;
    if (before[3] == 0xe8)
        return true;
    for (unsigned length = 2; length <= 7; length++)
        if (before[8 - length] == 0xff && (before[9 - length] & 0x38) == 0x10)
            return true;
    return false;
}

/* Whether the stack really goes on behind frame `from` and comes to an end that is one. */
static bool proved(const struct mmt_frame *frames, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++)
        if (!(frames[i].module & MMT_FRAME_EXACT) && !follows_call(frames[i].pc))
            return false;
    if (frames[count - 1].module & MMT_FRAME_TRUNCATED)
        return true;
    bool in_module;
    return cfi_row_at(frames[count - 1].pc - 1, &in_module).kind == CFI_OUTERMOST;
}

static enum outcome judge(const struct mmt_frame *ours, size_t count, const struct list *theirs,
                          size_t skip)
{
    size_t their_count = theirs->count > skip ? theirs->count - skip : 0;
    bool cut = ours[count - 1].module & MMT_FRAME_TRUNCATED;
    /* libunwind lists the word behind the outermost frame */
    if (their_count > count && !theirs->pc[skip + their_count - 1])
        their_count--;
    for (size_t i = 0; i < count && i < their_count; i++)
        if (ours[i].pc != theirs->pc[skip + i])
            return WRONG;
    if (count == their_count || (cut && their_count > count))
        return EQUAL;
    if (count > their_count)
        return proved(ours, their_count, count) ? FURTHER : UNPROVED;
    return SHORT;
}

static void print_frame(FILE *file, size_t number, uintptr_t ours, uintptr_t theirs)
{
    uintptr_t shown = ours ? ours : theirs;
    const struct module *module = modules_get(modules_find(shown - 1));
    bool in_module;
    fprintf(file, "    #%zu %#lx %#lx%s %s+%#lx cfi %d\n", number, ours, theirs,
            ours == theirs ? "" : " <<<", module ? module->path : "?",
            module ? shown - module->bias : 0, (int)cfi_row_at(shown - 1, &in_module).kind);
}

static void show(enum oracle who, enum outcome outcome, const struct mmt_frame *ours, size_t count,
                 const struct list *theirs, size_t skip)
{
    char path[512];
    const char *log = getenv("STACK_ORACLE_LOG");
    snprintf(path, sizeof(path), "%s.stacks", log ? log : "stack-oracle");
    FILE *file = fopen(path, "a");
    if (!file)
        return;
    fprintf(file, "%s %s (ours, theirs, where):\n", oracle_names[who], outcome_names[outcome]);
    for (size_t i = 0; i < count || i + skip < theirs->count; i++)
        print_frame(file, i, i < count ? ours[i].pc : 0,
                    i + skip < theirs->count ? theirs->pc[i + skip] : 0);
    fclose(file);
}

static enum outcome compare(enum oracle who, uintptr_t start, const struct mmt_frame *ours,
                            size_t count, const struct list *theirs, bool agreed)
{
    /* Theirs begins with our own functions. */
    size_t skip = 0;
    while (skip < theirs->count && theirs->pc[skip] != start)
        skip++;
    enum outcome outcome = judge(ours, count, theirs, skip);
    if (outcome == UNPROVED && agreed)
        outcome = FURTHER;
    if (outcome != EQUAL && oracle.counts[who][outcome] < SHOWN)
        show(who, outcome, ours, count, theirs, skip);
    oracle.counts[who][outcome]++;
    return outcome;
}

static NOINLINE void check_inside(struct stack_start start)
{
    struct mmt_frame ours[STACK_DEPTH_MAX];
    struct list theirs = {0};
    size_t count = depot_get(stack_capture(start), ours, STACK_DEPTH_MAX);
    oracle.captures++;
    oracle.frames += count;
    oracle.truncated += (ours[count - 1].module & MMT_FRAME_TRUNCATED) != 0;
    bool agreed = false;
    if (oracle.unwind_backtrace) {
        int found = oracle.unwind_backtrace((void **)theirs.pc, LIST);
        theirs.count = found > 0 ? (size_t)found : 0;
        agreed = compare(LIBUNWIND, start.pc, ours, count, &theirs, false) == EQUAL;
    }
    theirs.count = 0;
    _Unwind_Backtrace(append, &theirs);
    compare(LIBGCC, start.pc, ours, count, &theirs, agreed);
}

static inline unsigned long ticks(void)
{
    unsigned low, high;
    __asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
    return (unsigned long)high << 32 | low;
}

static NOINLINE unsigned long ours_ticks(struct stack_start start)
{
    unsigned long begin = ticks();
    uint32_t id = stack_capture(start);
    unsigned long end = ticks();
    __asm__ volatile("" : : "r"(id));
    return end - begin - oracle.ticks_of_nothing;
}

static NOINLINE unsigned long theirs_ticks(void)
{
    void *frames[STACK_DEPTH_MAX];
    if (!oracle.unwind_backtrace)
        return 0;
    unsigned long begin = ticks();
    int count = oracle.unwind_backtrace(frames, STACK_DEPTH_MAX);
    unsigned long end = ticks();
    __asm__ volatile("" : : "r"(count));
    return end - begin - oracle.ticks_of_nothing;
}

#define INTERRUPTED_NS 100000

/* Who comes second finds the stack in the cache: they take turns. A pair in which another program
 * was let run counts for neither. */
static NOINLINE void measure(struct stack_start start)
{
    unsigned long ours = 0, theirs = 0;
    if (oracle.turn++ & 1) {
        ours = ours_ticks(start);
        theirs = theirs_ticks();
    } else {
        theirs = theirs_ticks();
        ours = ours_ticks(start);
    }
    if ((double)(ours > theirs ? ours : theirs) * oracle.ns_a_tick > INTERRUPTED_NS)
        return;
    oracle.captures++;
    oracle.ticks[0] += ours;
    oracle.ticks[1] += theirs;
}

static void calibrate(void)
{
    struct timespec from, to;
    unsigned long least = ~0ul, begin, end;
    for (int i = 0; i < 1000; i++) {
        begin = ticks();
        end = ticks();
        least = end - begin < least ? end - begin : least;
    }
    oracle.ticks_of_nothing = least;
    clock_gettime(CLOCK_MONOTONIC, &from);
    begin = ticks();
    do
        clock_gettime(CLOCK_MONOTONIC, &to);
    while ((to.tv_sec - from.tv_sec) * 1000000000l + to.tv_nsec - from.tv_nsec < 10000000);
    oracle.ns_a_tick =
        (double)((to.tv_sec - from.tv_sec) * 1000000000l + to.tv_nsec - from.tv_nsec) /
        (double)(ticks() - begin);
}

static inline void check(struct stack_start start)
{
    if (!oracle.ready || inside)
        return;
    int saved = errno;
    inside = true;
    if (oracle.times)
        measure(start);
    else
        check_inside(start);
    inside = false;
    errno = saved;
}

/* ---- the program's heap */

EXPORT void *malloc(size_t size)
{
    check(STACK_START());
    return __libc_malloc(size);
}

EXPORT void free(void *memory)
{
    if (memory)
        check(STACK_START());
    __libc_free(memory);
}

EXPORT void *calloc(size_t count, size_t size)
{
    check(STACK_START());
    return __libc_calloc(count, size);
}

EXPORT void *realloc(void *memory, size_t size)
{
    check(STACK_START());
    return __libc_realloc(memory, size);
}

EXPORT int posix_memalign(void **memory, size_t alignment, size_t size)
{
    check(STACK_START());
    void *block = __libc_memalign(alignment, size);
    if (!block)
        return ENOMEM;
    *memory = block;
    return 0;
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    check(STACK_START());
    return __libc_memalign(alignment, size);
}

/* ---- start and end */

static void on_fault(int signal, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t next = probe_resume((uintptr_t)registers[REG_RIP]);
    (void)info;
    if (next)
        registers[REG_RIP] = (greg_t)next;
    else
        sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
}

__attribute__((constructor)) static void begin(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    inside = true;
    if (!getenv("STACK_ORACLE_NO_LIBUNWIND")) {
        void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
        if (library)
            oracle.unwind_backtrace = (int (*)(void **, int))dlsym(library, "unw_backtrace");
    }
    oracle.times = getenv("STACK_ORACLE_TIMES") != NULL;
    if (oracle.times)
        calibrate();
    inside = false;
    oracle.ready = true;
}

__attribute__((destructor)) static void end(void)
{
    char line[1024];
    const char *log = getenv("STACK_ORACLE_LOG");
    int file = open(log ? log : "stack-oracle", O_WRONLY | O_CREAT | O_APPEND, 0600);
    oracle.ready = false;
    if (file < 0)
        return;
    int used = snprintf(line, sizeof(line), "captures %lu frames %lu truncated %lu",
                        oracle.captures, oracle.frames, oracle.truncated);
    if (oracle.times && oracle.captures)
        used += snprintf(
            line + used, sizeof(line) - (size_t)used, " guard-ns %.0f libunwind-ns %.0f",
            oracle.ns_a_tick * (double)oracle.ticks[0], oracle.ns_a_tick * (double)oracle.ticks[1]);
    for (int who = 0; who < ORACLES; who++)
        for (int outcome = 0; outcome < OUTCOMES; outcome++)
            used +=
                snprintf(line + used, sizeof(line) - (size_t)used, " %s-%s %lu", oracle_names[who],
                         outcome_names[outcome], oracle.counts[who][outcome]);
    line[used++] = '\n';
    if (write(file, line, (size_t)used) != used)
        _exit(99);
    close(file);
}
