/* SPDX-License-Identifier: MIT
 *
 * Captures that go on from the one before, against libgcc's unwinder, which knows nothing of any
 * before.
 */
#include <alloca.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unwind.h>

#include "base/bits.h"
#include "base/lock.h"
#include "base/probe.h"
#include "base/thread.h"
#include "stack/capture.h"
#include "stack/depot.h"
#include "stack/unwind.h"
#include "unit.h"

#define KEEP __asm__ volatile("" ::: "memory")

static _Atomic unsigned captures, differences;

struct list {
    size_t count;
    uintptr_t pc[STACK_DEPTH_MAX + 8];
};

static _Unwind_Reason_Code append(struct _Unwind_Context *context, void *argument)
{
    struct list *list = argument;
    if (list->count == ARRAY_LENGTH(list->pc) || !_Unwind_GetIP(context))
        return _URC_END_OF_STACK;
    list->pc[list->count++] = _Unwind_GetIP(context);
    return _URC_NO_REASON;
}

/* `ours` is a stack of the function that called the caller, captured in the caller. */
static NOINLINE void compare_with_libgcc(uint32_t id)
{
    struct list theirs = {0};
    struct mmt_frame ours[STACK_DEPTH_MAX];
    _Unwind_Backtrace(append, &theirs);
    size_t count = depot_get(id, ours, STACK_DEPTH_MAX);
    bool same = count > 0 && theirs.count == count + 2;
    for (size_t i = 0; i < count && same; i++)
        same = ours[i].pc == theirs.pc[i + 2];
    captures++;
    differences += !same;
}

static NOINLINE uint32_t check(void)
{
    uint32_t id = stack_capture(STACK_START());
    compare_with_libgcc(id);
    KEEP;
    return id;
}

static void begin(void)
{
    captures = differences = 0;
}

static void end(unsigned at_least)
{
    CU_ASSERT(captures >= at_least);
    CU_ASSERT_EQUAL(differences, 0);
}

/* ---- frames at the same places */

static NOINLINE void inner(int depth)
{
    if (depth)
        inner(depth - 1);
    else
        check();
    KEEP;
}

static NOINLINE void outer(int which)
{
    switch (which) {
    case 0:
        inner(20);
        KEEP;
        break;
    case 1:
        inner(20);
        KEEP;
        __asm__ volatile("nop");
        break;
    default:
        inner(20);
        KEEP;
        __asm__ volatile("nop; nop");
        break;
    }
    KEEP;
}

/* Only one return address far out differs. */
TEST(callers_that_differ, "callers that differ far out")
{
    begin();
    for (int i = 0; i < 30; i++)
        outer(i % 3);
    for (int i = 0; i < 30; i++)
        outer(i / 10);
    end(60);
}

/* A frame of variable size, found by rbp only, and one that saves and changes rbp. */

__attribute__((used)) static void check_without_rbp(void)
{
    check();
}

void kept_test_changes_rbp(void);
__asm__(".text\n"
        ".type kept_test_changes_rbp, @function\n"
        "kept_test_changes_rbp:\n"
        "    .cfi_startproc\n"
        "    push %rbp\n"
        "    .cfi_def_cfa_offset 16\n"
        "    .cfi_offset rbp, -16\n"
        "    xor %ebp, %ebp\n"
        "    call check_without_rbp\n"
        "    pop %rbp\n"
        "    .cfi_def_cfa_offset 8\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size kept_test_changes_rbp, . - kept_test_changes_rbp\n");

static NOINLINE void of_variable_size(size_t size, bool direct)
{
    volatile char *piece = alloca(size);
    __asm__ volatile("" ::"r"(piece) : "memory"); /* which is left as it is */
    if (direct)
        check();
    else
        kept_test_changes_rbp();
    KEEP;
}

static NOINLINE void from_small_frame(size_t size, bool direct)
{
    of_variable_size(size, direct);
    KEEP;
}

static NOINLINE void from_large_frame(size_t size, bool direct)
{
    char left_as_it_is[128];
    __asm__ volatile("" ::"r"(left_as_it_is) : "memory");
    of_variable_size(size, direct);
    KEEP;
}

/* The innermost frames lie at the same place with the same return addresses, and even the words
 * beyond are what they were, since nothing has been written over them: only rbp tells the frames
 * apart. */
TEST(frames_told_apart_by_rbp, "frames told apart by rbp")
{
    static void (*const functions[])(size_t, bool) = {from_small_frame, from_large_frame};
    begin();
    for (size_t small = 16; small <= 320; small += 16)
        for (size_t large = 16; large <= 160; large += 16)
            for (unsigned i = 0; i < 8; i++) /* from one place */
                functions[i % 2](i % 2 ? large : small, i < 4);
    end(800);
}

/* ---- random frames */

struct choice {
    unsigned state;
};

static unsigned choose(struct choice *choice, unsigned below)
{
    choice->state = choice->state * 1664525u + 1013904223u;
    return (choice->state >> 16) % below;
}

static int random_frames(struct choice *choice, int depth);

static NOINLINE int plain(struct choice *choice, int depth)
{
    int result = random_frames(choice, depth) + 1;
    KEEP;
    return result;
}

static NOINLINE int saves_registers(struct choice *choice, int depth)
{
    int a = depth * 3, b = a ^ 5, c = b + 7, d = c * 11, e = d ^ 13, f = e + a;
    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
    int result = random_frames(choice, depth);
    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
    return result + a + b + c + d + e + f;
}

static NOINLINE int with_alloca(struct choice *choice, int depth)
{
    volatile char *piece = alloca(choose(choice, 4) * 16 + 8);
    piece[0] = 1;
    int result = random_frames(choice, depth) + piece[0];
    KEEP;
    return result;
}

static NOINLINE int realigned(struct choice *choice, int depth)
{
    _Alignas(64) volatile char buffer[64];
    buffer[depth & 63] = 1;
    int result = random_frames(choice, depth) + buffer[depth & 63];
    KEEP;
    return result;
}

static NOINLINE int realigned_alloca(struct choice *choice, int depth, int c, int d, int e, int f,
                                     int g, int h)
{
    _Alignas(64) volatile char buffer[64];
    volatile char *piece = alloca(choose(choice, 4) * 16 + 8);
    piece[0] = buffer[depth & 63] = (char)h;
    int result = random_frames(choice, depth) + c + d + e + f + g + piece[0];
    KEEP;
    return result;
}

/* Goes down at random, with captures on the way, often through the same frames as before. */
static NOINLINE int random_frames(struct choice *choice, int depth)
{
    int result = 0;
    if (depth == 0) {
        check();
        return 1;
    }
    for (unsigned times = 1 + (choose(choice, 6) == 0); times > 0; times--) {
        if (choose(choice, 8) == 0)
            check();
        switch (choose(choice, 10)) {
        case 0:
        case 1:
        case 2:
        case 3:
            result += plain(choice, depth - 1);
            break;
        case 4:
        case 5:
        case 6:
            result += saves_registers(choice, depth - 1);
            break;
        case 7:
            result += with_alloca(choice, depth - 1);
            break;
        case 8:
            result += realigned(choice, depth - 1);
            break;
        default:
            result += realigned_alloca(choice, depth - 1, 3, 4, 5, 6, 7, 8);
        }
    }
    KEEP;
    return result;
}

static void *random_walks(void *seed)
{
    struct choice choice = {(unsigned)(uintptr_t)seed};
    for (int i = 0; i < 400; i++)
        random_frames(&choice, 1 + (int)choose(&choice, 20));
    return NULL;
}

TEST(frames_at_random, "frames at random")
{
    begin();
    random_walks((void *)1);
    end(1000);
}

/* Records, and what was kept with them, go from one thread to the next; so do stacks. */
TEST(threads_one_after_the_other, "threads one after the other")
{
    begin();
    for (uintptr_t i = 0; i < 8; i++) {
        pthread_t thread;
        CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, random_walks, (void *)(i + 2)), 0);
        pthread_join(thread, NULL);
    }
    end(8000);
}

TEST(rows_forgotten, "rows forgotten")
{
    begin();
    for (int i = 0; i < 20; i++) {
        inner(i);
        unwind_flush();
        inner(i);
    }
    end(40);
}

TEST(depth_limits, "depth limits")
{
    struct mmt_frame full[STACK_DEPTH_MAX], cut[STACK_DEPTH_MAX];
    for (unsigned depth = 1; depth < 12; depth++) {
        size_t counts[2] = {0, 0};
        for (int limited = 0; limited < 2; limited++) {
            stack_set_depth(limited ? depth : STACK_DEPTH_MAX);
            counts[limited] = depot_get(check(), limited ? cut : full, STACK_DEPTH_MAX);
        }
        bool shortened = depth < counts[0];
        CU_ASSERT_EQUAL(counts[1], shortened ? depth : counts[0]);
        for (size_t i = 1; i < counts[1]; i++)
            CU_ASSERT_EQUAL(full[i].pc, cut[i].pc);
        CU_ASSERT_EQUAL(!(cut[counts[1] - 1].module & MMT_FRAME_TRUNCATED), !shortened);
    }
    stack_set_depth(STACK_DEPTH_MAX);
}

/* ---- signals at every instruction of a capture */

static volatile bool stepping;
static volatile unsigned steps, leave_at;
static sigjmp_buf left;

static void on_step(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    if (!stepping) {
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~0x100;
        return;
    }
    /* not by libgcc, which would take long: by a capture that begins at the same place and was not
     * disturbed */
    check();
    if (++steps == leave_at) {
        stepping = false;
        siglongjmp(left, 1);
    }
    KEEP;
}

static NOINLINE uint32_t capture_here(int depth)
{
    uint32_t id = depth ? capture_here(depth - 1) : stack_capture(STACK_START());
    KEEP;
    return id;
}

#define STEP_FROM_HERE()                                                                           \
    __asm__ volatile("sub $128, %%rsp; pushfq; orl $0x100, (%%rsp); popfq; add $128, %%rsp" ::     \
                         : "memory", "cc")

static NOINLINE uint32_t stepped(int depth)
{
    stepping = true;
    STEP_FROM_HERE();
    uint32_t id = capture_here(depth);
    stepping = false;
    KEEP;
    return id;
}

TEST(interrupted_everywhere, "a capture interrupted at every instruction")
{
    struct sigaction action = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO}, old;
    sigaction(SIGTRAP, &action, &old);
    begin();
    leave_at = 0;
    /* From one place, so that all ids must be the same. */
    uint32_t ids[6];
    for (volatile int i = 0; i < 6; i++) {
        if (i % 2)
            inner(3);
        ids[i] = stepped(5);
    }
    for (int i = 1; i < 6; i++)
        CU_ASSERT_EQUAL(ids[i], ids[0]);
    end(500);
    sigaction(SIGTRAP, &old, NULL);
}

/* AddressSanitizer keeps a shadow of each stack, which what leaves one in the middle of an
 * instruction's work or unmaps it leaves behind: these would test that, and crash. */
#ifndef __SANITIZE_ADDRESS__
TEST(left_everywhere, "a capture left at every third instruction")
{
    struct sigaction action = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO}, old;
    sigaction(SIGTRAP, &action, &old);
    begin();
    volatile unsigned at = 0;
    volatile bool finished = false;
    while (!finished && at < 5000) {
        at = at + 3;
        steps = 0;
        leave_at = at;
        if (!sigsetjmp(left, 1)) {
            inner(2);
            stepped(5);
            finished = true;
        }
        check();
        inner(1);
        /* Captures of this thread are quick again. */
        CU_ASSERT_EQUAL_FATAL(thread_self()->capturing, 0);
    }
    CU_ASSERT(finished);
    end(500);
    sigaction(SIGTRAP, &old, NULL);
}

/* ---- stacks that go away */

static ucontext_t coroutine, caller;

static void coroutine_main(void)
{
    for (;;) {
        outer(1);
        swapcontext(&coroutine, &caller);
    }
}

TEST(stacks_unmapped, "stacks that go away")
{
    size_t size = 64 * 1024;
    begin();
    for (int i = 0; i < 6; i++) {
        char *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        getcontext(&coroutine);
        coroutine.uc_stack.ss_sp = room;
        coroutine.uc_stack.ss_size = size;
        makecontext(&coroutine, coroutine_main, 0);
        swapcontext(&caller, &coroutine);
        swapcontext(&caller, &coroutine);
        munmap(room, size);
        inner(2);
    }
    end(18);
}
#endif

static struct sigaction old_segv;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t next = probe_resume((uintptr_t)registers[REG_RIP]);
    (void)info;
    if (next)
        registers[REG_RIP] = (greg_t)next;
    else
        sigaction(signal, &old_segv, NULL);
}

TEST(words_compared, "words that are compared")
{
    static uintptr_t memory[4] = {10, 11, 12, 13};
    struct probe_word_before words[4];
    for (size_t i = 0; i < 4; i++)
        words[i] = (struct probe_word_before){(uintptr_t)&memory[i + 1], memory[i]};
    CU_ASSERT_EQUAL(probe_compare(words, 0), 0);
    CU_ASSERT_EQUAL(probe_compare(words, 4), 0);
    memory[1] = 99;
    CU_ASSERT_EQUAL(probe_compare(words, 4), 2);
    CU_ASSERT_EQUAL(probe_compare(words, 1), 0);
    memory[3] = 99;
    CU_ASSERT_EQUAL(probe_compare(words, 4), 4);
    words[2].end = 64;
    CU_ASSERT_EQUAL(probe_compare(words, 3), 3);
    uint64_t mask = lock_enter(LOCK_MODULES);
    CU_ASSERT_EQUAL(probe_compare(words, 3), 3);
    CU_ASSERT(!probe_word(64, &memory[0]));
    lock_leave(LOCK_MODULES, mask);
}

static int install(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    return sigaction(SIGSEGV, &action, &old_segv);
}

static int uninstall(void)
{
    return sigaction(SIGSEGV, &old_segv, NULL);
}

SUITE("kept", install, uninstall);
