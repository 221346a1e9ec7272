/* SPDX-License-Identifier: MIT
 *
 * The protocol. Each thread that is to stop has a slot in a hash table keyed by its tid. The slot's
 * state is one word that holds the tid and a phase, so that a compare-and-exchange on it can never
 * hit a slot that was given to another thread meanwhile:
 *
 *     checker                                   handler, in the thread
 *     ASKED, then sends the signal
 *                                               ASKED -> ANSWERING, publishes its registers
 *                                               ANSWERING -> STOPPED, wakes the checker, waits for
 *                                               a new epoch
 *     sees STOPPED
 *     epoch + 1, wakes all                      returns
 *
 *     gives up: ASKED or ANSWERING -> UNSTOPPED handler fails to exchange and returns at once
 *
 * The handler reads the epoch between its two exchanges. It cannot be an old epoch that would let
 * it run on: the checker starts a new one only after it saw STOPPED or took the slot back, and in
 * the second case the second exchange fails. A signal that arrives late, from a check that is over,
 * finds no slot in phase ASKED and does nothing, or one of a later check, and answers that.
 *
 * The table is never given back, since a late handler may look at it at any time.
 */
#include "leak/world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

#include "base/bits.h"
#include "base/kept_files.h"
#include "base/own_memory.h"
#include "base/print.h"
#include "base/sys.h"
#include "base/thread.h"
#include "mmtrace.h"

#define STOP_SIGNAL MMT_REQUEST_SIGNAL
#define SLOTS       65536
#define MAX_THREADS (SLOTS / 4 * 3)
#define MAX_ROUNDS  64
#define MILLISECOND 1000000u
#define ANSWER_TIME (1000 * (uint64_t)MILLISECOND)
#define STOP_TIME   (5 * ANSWER_TIME)
/* glibc blocks all signals for moments (thread start and end, fork), and so do our own locks: only
 * a thread that is seen asleep with the signal blocked this many times in a row, at growing
 * intervals, is taken to keep it blocked. */
#define BLOCKED_SIGHTINGS 5

enum phase {
    PHASE_FREE,
    PHASE_ASKED,
    PHASE_ANSWERING,
    PHASE_STOPPED,
    PHASE_EXITED,
    PHASE_UNSTOPPED,
};

struct slot {
    _Atomic uint64_t state; /* tid << 8 | phase; 0: free */
    const ucontext_t *context;
    uintptr_t thread_pointer;
    uint32_t blocked_sightings;
    uint8_t reason; /* enum mmt_unstopped, once it has been given up */
    bool unsent; /* the kernel had no room for the signal: send it again */
};

struct table {
    struct slot slots[SLOTS];
    uint32_t used[SLOTS]; /* indices of the slots in use */
    char listing[4096];
    char status[4096];
};

static struct {
    struct table *table;
    uint32_t used;
    _Atomic uint32_t answers; /* changes with each answer: what the checker sleeps on */
    _Atomic uint32_t epoch; /* changes when threads may go on: what the stopped sleep on */
    bool (*_Atomic request)(const siginfo_t *info, const void *context);
    void (*_Atomic stray)(int signal, siginfo_t *info, void *context);
} world;

static uint64_t state_of(int32_t tid, enum phase phase)
{
    return (uint64_t)(uint32_t)tid << 8 | phase;
}

static enum phase phase_of(const struct slot *slot)
{
    return (enum phase)(atomic_load(&slot->state) & 0xff);
}

static int32_t tid_of(const struct slot *slot)
{
    return (int32_t)(atomic_load(&slot->state) >> 8);
}

static bool change(struct slot *slot, int32_t tid, enum phase from, enum phase to)
{
    uint64_t expected = state_of(tid, from);
    return atomic_compare_exchange_strong(&slot->state, &expected, state_of(tid, to));
}

/* The thread's slot, or the free one where it belongs. */
static struct slot *world_slot_of(struct table *table, int32_t tid)
{
    uint32_t at = (uint32_t)tid % SLOTS;
    for (;; at = (at + 1) % SLOTS) {
        struct slot *slot = &table->slots[at];
        if (phase_of(slot) == PHASE_FREE || tid_of(slot) == tid)
            return slot;
    }
}

/* ---- in the stopped thread: system calls only, no thread record is made */

static SIGNAL_HANDLER void stop_handler(int signal, siginfo_t *info, void *context)
{
    bool (*act)(const siginfo_t *, const void *) = atomic_load(&world.request);
    if (info->si_code == SI_QUEUE && act && act(info, context))
        return;
    struct table *table = world.table;
    int32_t tid = sys_gettid();
    struct slot *slot = world_slot_of(table, tid);
    if (!change(slot, tid, PHASE_ASKED, PHASE_ANSWERING)) {
        void (*stray)(int, siginfo_t *, void *) = atomic_load(&world.stray);
        if (stray)
            stray(signal, info, context);
        return;
    }
    uint32_t epoch = atomic_load(&world.epoch);
    slot->context = context;
    __asm__("mov %%fs:0, %0" : "=r"(slot->thread_pointer));
    if (!change(slot, tid, PHASE_ANSWERING, PHASE_STOPPED))
        return;
    atomic_fetch_add(&world.answers, 1);
    sys_futex_wake(&world.answers, 1);
    while (atomic_load(&world.epoch) == epoch)
        sys_futex_wait(&world.epoch, epoch, NULL);
}

/* The instruction sequence is the one unwinders and debuggers know a signal frame by. */
void world_restorer(void) __attribute__((visibility("hidden")));
__asm__(".text\n"
        ".p2align 4\n"
        "nop\n"
        ".globl world_restorer\n"
        ".hidden world_restorer\n"
        ".type world_restorer, @function\n"
        "world_restorer:\n"
        "    mov $15, %rax\n"
        "    syscall\n"
        ".size world_restorer, . - world_restorer\n");

int world_init(void)
{
    if (!world.table)
        world.table = own_map(sizeof(*world.table));
    if (!world.table)
        return -ENOMEM;
    struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void (*restorer)(void);
        uint64_t mask;
    } action = {stop_handler, SA_SIGINFO | SA_RESTART | SA_ONSTACK | 0x04000000 /* SA_RESTORER */,
                world_restorer, ~(uint64_t)0};
    return (int)sys_call4(SYS_rt_sigaction, STOP_SIGNAL, (long)&action, 0, sizeof(action.mask));
}

void world_on_request(bool (*act)(const siginfo_t *info, const void *context))
{
    atomic_store(&world.request, act);
}

void world_on_stray(void (*act)(int signal, siginfo_t *info, void *context))
{
    atomic_store(&world.stray, act);
}

int world_signal(void)
{
    return STOP_SIGNAL;
}

/* ---- in the checker */

static bool abandon(struct slot *slot, int32_t tid, enum phase from, enum mmt_unstopped reason)
{
    slot->reason = (uint8_t)reason;
    return change(slot, tid, from, PHASE_UNSTOPPED);
}

static void ask(struct slot *slot, int32_t tid)
{
    long sent = sys_tgkill(sys_getpid(), tid, STOP_SIGNAL);
    slot->unsent = sent == -EAGAIN;
    if (sent == -ESRCH)
        change(slot, tid, PHASE_ASKED, PHASE_EXITED);
    else if (sys_failed(sent) && !slot->unsent)
        abandon(slot, tid, PHASE_ASKED, MMT_UNSTOPPED_REFUSED);
}

/* 1 if the thread was not known, 0 if it was, or -errno. */
static long add_thread(int32_t tid)
{
    struct slot *slot = world_slot_of(world.table, tid);
    if (phase_of(slot) != PHASE_FREE)
        return 0;
    if (world.used == MAX_THREADS)
        return -E2BIG;
    slot->blocked_sightings = 0;
    slot->reason = 0;
    slot->context = NULL;
    slot->thread_pointer = 0;
    world.table->used[world.used++] = (uint32_t)(slot - world.table->slots);
    atomic_store(&slot->state, state_of(tid, PHASE_ASKED));
    ask(slot, tid);
    return 1;
}

struct directory_entry { /* of the kernel */
    uint64_t inode;
    int64_t next;
    uint16_t length;
    uint8_t type;
    char name[];
};

/* Asks every thread that was not asked yet; how many those were, or -errno. */
static long list_and_ask(int fd)
{
    int32_t self = sys_gettid();
    long added = 0;
    long result = sys_call3(SYS_lseek, fd, 0, SEEK_SET);
    if (sys_failed(result))
        return result;
    for (;;) {
        char *listing = world.table->listing;
        long got = sys_call3(SYS_getdents64, fd, (long)listing, sizeof(world.table->listing));
        if (sys_failed(got))
            return got;
        if (got == 0)
            return added;
        for (long at = 0; at < got;) {
            const struct directory_entry *entry = (const void *)(listing + at);
            int32_t tid = 0;
            for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++)
                tid = tid * 10 + (*digit - '0');
            long fresh = tid && tid != self ? add_thread(tid) : 0;
            if (fresh < 0)
                return fresh;
            added += fresh;
            at += entry->length;
        }
    }
}

/* What follows `key` at the start of a line; NULL if there is no such line. */
static const char *status_field(const char *status, const char *key)
{
    for (const char *line = status; *line;) {
        const char *at = line, *k = key;
        while (*k && *at == *k)
            at++, k++;
        if (!*k) {
            while (*at == '\t' || *at == ' ')
                at++;
            return at;
        }
        while (*line && *line != '\n')
            line++;
        line += *line == '\n';
    }
    return NULL;
}

static bool signal_blocked(const char *status)
{
    uint64_t mask = 0;
    const char *digit = status_field(status, "SigBlk:");
    for (; digit && *digit && *digit != '\n'; digit++)
        mask = mask << 4 | (uint64_t)(*digit <= '9' ? *digit - '0' : *digit - 'a' + 10);
    return mask >> (STOP_SIGNAL - 1) & 1;
}

/* The kernel's helpers for io_uring are listed among the threads, take no signal, and never run in
 * the program's memory. */
static bool is_kernel_helper(const char *status)
{
    const char *name = status_field(status, "Name:");
    static const char prefix[] = "iou-";
    for (size_t i = 0; i < sizeof(prefix) - 1; i++)
        if (!name || name[i] != prefix[i])
            return false;
    return signal_blocked(status);
}

/* What the kernel says of a thread, or NULL. */
static const char *read_status(int32_t tid)
{
    char path[64];
    struct print p;
    print_to_buffer(&p, path, sizeof(path));
    print_text(&p, "/proc/self/task/");
    print_unsigned(&p, (uint64_t)tid);
    print_text(&p, "/status");
    print_end(&p);
    char *status = world.table->status;
    return sys_read_file(path, status, sizeof(world.table->status)) > 0 ? status : NULL;
}

static char state_in(const char *status)
{
    const char *state = status ? status_field(status, "State:") : NULL;
    return state ? *state : 0;
}

/* Finds out why a thread does not answer. */
static void look_closer(struct slot *slot)
{
    int32_t tid = tid_of(slot);
    const char *status = read_status(tid);
    if (!status && sys_tgkill(sys_getpid(), tid, 0) != -ESRCH)
        return;
    char state = state_in(status);
    if (!status || state == 'Z' || state == 'X' || is_kernel_helper(status)) {
        change(slot, tid, PHASE_ASKED, PHASE_EXITED);
        return;
    }
    if (slot->unsent)
        ask(slot, tid);
    bool asleep = state == 'S' || state == 'D';
    if (!asleep || !signal_blocked(status))
        slot->blocked_sightings = 0;
    else if (++slot->blocked_sightings == BLOCKED_SIGHTINGS)
        abandon(slot, tid, PHASE_ASKED, MMT_UNSTOPPED_BLOCKED);
}

/* Calls `act` for each thread that has not answered; how many there are. */
static uint32_t each_silent(void (*act)(struct slot *slot))
{
    uint32_t silent = 0;
    for (uint32_t i = 0; i < world.used; i++) {
        struct slot *slot = &world.table->slots[world.table->used[i]];
        enum phase phase = phase_of(slot);
        if (phase != PHASE_ASKED && phase != PHASE_ANSWERING)
            continue;
        silent++;
        if (act)
            act(slot);
    }
    return silent;
}

static void give_up(struct slot *slot)
{
    int32_t tid = tid_of(slot);
    const char *status = read_status(tid);
    char state = state_in(status);
    enum mmt_unstopped reason = slot->unsent                       ? MMT_UNSTOPPED_REFUSED
                                : status && signal_blocked(status) ? MMT_UNSTOPPED_BLOCKED
                                : state == 'D'                     ? MMT_UNSTOPPED_WAITING
                                : state == 'T' || state == 't'     ? MMT_UNSTOPPED_HALTED
                                                                   : MMT_UNSTOPPED_SLOW;
    if (!abandon(slot, tid, PHASE_ASKED, reason))
        abandon(slot, tid, PHASE_ANSWERING, reason);
}

static void wait_for_answers(void)
{
    uint64_t begin = sys_clock(CLOCK_MONOTONIC);
    uint64_t pause = MILLISECOND, next_look = begin + pause;
    for (;;) {
        uint32_t answers = atomic_load(&world.answers);
        if (!each_silent(NULL))
            return;
        uint64_t now = sys_clock(CLOCK_MONOTONIC);
        if (now - begin >= ANSWER_TIME) {
            each_silent(give_up);
            return;
        }
        if (now >= next_look) {
            each_silent(look_closer);
            pause = min_size(pause * 2, 64 * MILLISECOND);
            next_look = sys_clock(CLOCK_MONOTONIC) + pause;
            continue;
        }
        uint64_t left = next_look - now;
        struct timespec timeout = {0, (long)left};
        sys_futex_wait(&world.answers, answers, &timeout);
    }
}

static void forget_threads(void)
{
    for (uint32_t i = 0; i < world.used; i++)
        atomic_store(&world.table->slots[world.table->used[i]].state, 0);
    world.used = 0;
}

static bool alone_as_far_as_known(void)
{
    uint32_t owned = 0;
    for (struct thread *thread = thread_first(); thread; thread = thread->next)
        owned += atomic_load(&thread->owner) != 0;
    return owned <= 1;
}

const char *world_stop(struct world_count *count)
{
    *count = (struct world_count){0};
    if (!world.table)
        return "the leak check was not set up";
    forget_threads();
    long fd = sys_openat(AT_FDCWD, "/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd == -EACCES)
        fd = kept_proc_open("/proc/self/task");
    if (sys_failed(fd))
        return alone_as_far_as_known()
                   ? NULL
                   : "the threads cannot be listed: no access to /proc/self/task";
    uint64_t begin = sys_clock(CLOCK_MONOTONIC);
    long added = 0;
    /* A thread that was not stopped yet may have made another: the list is complete when, with all
     * known ones stopped, it shows nobody new. Threads that do not stop could make others for ever,
     * hence the limits. */
    for (int round = 0; round < MAX_ROUNDS; round++) {
        added = list_and_ask((int)fd);
        if (added <= 0)
            break;
        wait_for_answers();
        if (sys_clock(CLOCK_MONOTONIC) - begin > STOP_TIME)
            break;
    }
    sys_close((int)fd);
    if (added < 0) {
        each_silent(give_up);
        world_resume();
        return added == -E2BIG ? "there are too many threads"
                               : "the threads cannot be listed: reading /proc/self/task failed";
    }
    for (uint32_t i = 0; i < world.used; i++) {
        const struct slot *slot = &world.table->slots[world.table->used[i]];
        enum phase phase = phase_of(slot);
        bool unstopped = phase != PHASE_EXITED && phase != PHASE_STOPPED;
        count->threads += phase != PHASE_EXITED;
        count->unstopped += unstopped;
        count->reasons |= unstopped ? slot->reason : 0;
    }
    return NULL;
}

void world_each(void (*visit)(const struct world_thread *thread, void *argument), void *argument)
{
    for (uint32_t i = 0; i < world.used; i++) {
        const struct slot *slot = &world.table->slots[world.table->used[i]];
        enum phase phase = phase_of(slot);
        if (phase == PHASE_EXITED)
            continue;
        struct world_thread thread = {.tid = tid_of(slot), .stopped = phase == PHASE_STOPPED};
        if (thread.stopped) {
            thread.thread_pointer = slot->thread_pointer;
            thread.context = slot->context;
            thread.stack_pointer = (uintptr_t)slot->context->uc_mcontext.gregs[REG_RSP];
        }
        visit(&thread, argument);
    }
}

void world_resume(void)
{
    atomic_fetch_add(&world.epoch, 1);
    sys_futex_wake(&world.epoch, INT32_MAX);
}
