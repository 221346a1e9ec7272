/* SPDX-License-Identifier: MIT
 *
 * Captured stacks against those of libgcc's unwinder, which interprets the same information in its
 * own way.
 */
#include <alloca.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unwind.h>

#include "base/bits.h"
#include "base/probe.h"
#include "mmtrace.h"
#include "stack/capture.h"
#include "stack/depot.h"
#include "stack/unwind.h"
#include "unit.h"

#define KEEP __asm__ volatile("" ::: "memory")

/* volatile: the compiler takes raise() not to come back into this file */
static volatile unsigned captures, differences, longest;

struct list {
    size_t count;
    uintptr_t pc[STACK_DEPTH_MAX + 8];
};

static _Unwind_Reason_Code append(struct _Unwind_Context *context, void *argument)
{
    struct list *list = argument;
    /* behind the outermost frame it tells of one at 0 */
    if (list->count == ARRAY_LENGTH(list->pc) || !_Unwind_GetIP(context))
        return _URC_END_OF_STACK;
    list->pc[list->count++] = _Unwind_GetIP(context);
    return _URC_NO_REASON;
}

/* Captures the caller's stack in both ways. libgcc's begins with the frame of this function. */
static NOINLINE uint32_t check(void)
{
    struct list theirs = {0};
    struct mmt_frame ours[STACK_DEPTH_MAX];
    errno = 4711;
    uint32_t id = stack_capture(STACK_START());
    bool same = errno == 4711;
    _Unwind_Backtrace(append, &theirs);
    size_t count = depot_get(id, ours, STACK_DEPTH_MAX);
    bool cut = count == STACK_DEPTH_MAX && (ours[count - 1].module & MMT_FRAME_TRUNCATED);
    same &= count > 0 && (cut ? theirs.count - 1 > count : theirs.count - 1 == count);
    for (size_t i = 0; i < count && same; i++)
        same = ours[i].pc == theirs.pc[i + 1];
    captures++;
    differences += !same;
    if (count > longest)
        longest = (unsigned)count;
    return id;
}

static void begin(void)
{
    captures = differences = longest = 0;
}

static void end(unsigned at_least)
{
    CU_ASSERT(captures >= at_least);
    CU_ASSERT_EQUAL(differences, 0);
}

/* ---- shapes of frames */

static NOINLINE int leaf(int x)
{
    check();
    KEEP;
    return x;
}

static NOINLINE int with_locals(int x)
{
    volatile char buffer[333];
    buffer[x & 255] = (char)x;
    int result = leaf(x) + buffer[x & 255];
    KEEP;
    return result;
}

static NOINLINE int with_alloca(int x)
{
    volatile char *piece = alloca((size_t)(x & 15) * 24 + 8);
    piece[0] = (char)x;
    int result = with_locals(x) + piece[0];
    KEEP;
    return result;
}

static NOINLINE int realigned(int x)
{
    _Alignas(64) volatile char buffer[128];
    buffer[x & 127] = 1;
    int result = with_alloca(x) + buffer[0];
    KEEP;
    return result;
}

/* Arguments on the stack and a realigned frame make gcc keep the CFA in memory. */
static NOINLINE int realigned_arguments(int a, int b, int c, int d, int e, int f, int g, int h)
{
    _Alignas(128) volatile char buffer[256];
    volatile char *piece = alloca((size_t)(a & 15) * 24 + 8);
    piece[0] = buffer[a & 255] = (char)h;
    int result = realigned(a) + b + c + d + e + f + g + h + buffer[0] + piece[0];
    KEEP;
    return result;
}

static NOINLINE int recursion(int depth)
{
    int result = depth ? recursion(depth - 1) + 1 : with_alloca(3);
    KEEP;
    return result;
}

TEST(shapes, "frames of all shapes")
{
    begin();
    for (int i = 0; i < 300; i++) {
        leaf(i);
        with_locals(i);
        with_alloca(i);
        realigned(i);
        realigned_arguments(i, 2, 3, 4, 5, 6, 7, 8);
        recursion(i % 40);
    }
    end(1800);
}

static int compare(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    if (x % 7 == 0)
        realigned_arguments(x, y, 3, 4, 5, 6, 7, 8);
    return (x > y) - (x < y);
}

TEST(callbacks, "callbacks through libc")
{
    int numbers[64], key = 14;
    begin();
    for (int i = 0; i < 64; i++)
        numbers[i] = i * 37 % 64;
    qsort(numbers, 64, sizeof(int), compare);
    (void)!bsearch(&key, numbers, 64, sizeof(int), compare);
    end(20);
}

TEST(same_place_same_id, "the same place has the same id")
{
    uint32_t ids[2];
    for (volatile int i = 0; i < 2; i++)
        ids[i] = check();
    CU_ASSERT_NOT_EQUAL(ids[0], 0);
    CU_ASSERT_EQUAL(ids[0], ids[1]);
}

TEST(truncation, "deep stacks are cut and marked")
{
    struct mmt_frame frames[STACK_DEPTH_MAX];
    begin();
    recursion(1000);
    CU_ASSERT_EQUAL(longest, STACK_DEPTH_MAX);
    end(1);
    stack_set_depth(1);
    uint32_t id = check();
    CU_ASSERT_EQUAL(depot_get(id, frames, STACK_DEPTH_MAX), 1);
    CU_ASSERT(frames[0].module & MMT_FRAME_TRUNCATED);
    CU_ASSERT_EQUAL(frames[0].parent, 0);
    stack_set_depth(0);
    CU_ASSERT_EQUAL(depot_get(check(), frames, STACK_DEPTH_MAX), 1);
    stack_set_depth(100000);
    id = check();
    size_t count = depot_get(id, frames, STACK_DEPTH_MAX);
    CU_ASSERT(count > 1);
    CU_ASSERT(!(frames[count - 1].module & MMT_FRAME_TRUNCATED));
}

/* ---- signals */

static volatile uint32_t signal_id;

static void on_signal(int signal)
{
    (void)signal;
    signal_id = check();
    KEEP;
}

static NOINLINE void raise_deep(int depth)
{
    if (depth)
        raise_deep(depth - 1);
    else
        raise(SIGUSR1);
    KEEP;
}

static void signals_with(int flags)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags}, old;
    struct mmt_frame frames[STACK_DEPTH_MAX];
    begin();
    sigaction(SIGUSR1, &action, &old);
    for (int i = 0; i < 20; i++)
        raise_deep(i);
    sigaction(SIGUSR1, &old, NULL);
    end(20);
    size_t count = depot_get(signal_id, frames, STACK_DEPTH_MAX), exact = 0;
    for (size_t i = 0; i < count; i++)
        exact += (frames[i].module & MMT_FRAME_EXACT) != 0;
    CU_ASSERT_EQUAL(exact, 1);
    CU_ASSERT(count > 24);
}

TEST(signals, "in a signal handler")
{
    signals_with(0);
}

TEST(alternate_stack, "in a signal handler on an alternate stack")
{
    static char room[64 * 1024];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof(room)}, none = {.ss_flags = SS_DISABLE};
    sigaltstack(&stack, NULL);
    signals_with(SA_ONSTACK);
    sigaltstack(&none, NULL);
}

/* Every instruction of some library code, prologues, epilogues and .plt included, is interrupted
 * once. */

static volatile bool stepping;

static void on_step(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    if (stepping)
        check();
    else
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~0x100;
    KEEP;
}

static int compare_plain(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static NOINLINE void work(void)
{
    char text[200];
    int numbers[5] = {5, 2, 4, 1, 3};
    qsort(numbers, 5, sizeof(int), compare_plain);
    snprintf(text, sizeof(text), "%d %s %.3f", numbers[0], "text", strtod("12.5e3", NULL));
    free(malloc(strlen(text)));
    KEEP;
}

TEST(every_instruction, "at every instruction of library code")
{
    struct sigaction action = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO}, old;
    begin();
    sigaction(SIGTRAP, &action, &old);
    stepping = true;
    __asm__ volatile("sub $128, %%rsp; pushfq; orl $0x100, (%%rsp); popfq; add $128, %%rsp" ::
                         : "memory", "cc");
    work();
    stepping = false;
    KEEP;
    sigaction(SIGTRAP, &old, NULL);
    end(1000);
}

/* ---- frames that rows cannot hold */

__attribute__((used)) static void check_from_assembly(void)
{
    if (stepping) /* captures are not to be interrupted here: those that take a lock would block the
                     signal */
        return;
    check();
    with_alloca(5);
}

/* Calls with the CFA in rbx, then in r12, both saved below a realigned stack pointer. */
void capture_test_cfa_in_others(void);
__asm__(".text\n"
        ".type capture_test_cfa_in_others, @function\n"
        "capture_test_cfa_in_others:\n"
        "    .cfi_startproc\n"
        "    push %rbx\n"
        "    .cfi_def_cfa_offset 16\n"
        "    .cfi_offset rbx, -16\n"
        "    push %r12\n"
        "    .cfi_def_cfa_offset 24\n"
        "    .cfi_offset r12, -24\n"
        "    mov %rsp, %rbx\n"
        "    .cfi_def_cfa_register rbx\n"
        "    and $-64, %rsp\n"
        "    call check_from_assembly\n"
        "    mov %rbx, %r12\n"
        "    .cfi_def_cfa_register r12\n"
        "    xor %ebx, %ebx\n"
        "    call check_from_assembly\n"
        "    mov %r12, %rsp\n"
        "    .cfi_def_cfa_register rsp\n"
        "    pop %r12\n"
        "    .cfi_def_cfa_offset 16\n"
        "    pop %rbx\n"
        "    .cfi_def_cfa_offset 8\n"
        "    .cfi_restore r12\n"
        "    .cfi_restore rbx\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size capture_test_cfa_in_others, . - capture_test_cfa_in_others\n");

static NOINLINE void call_assembly(int depth)
{
    if (depth)
        call_assembly(depth - 1);
    else
        capture_test_cfa_in_others();
    KEEP;
}

TEST(cfa_in_other_registers, "through frames that rows cannot hold")
{
    begin();
    for (int i = 0; i < 5; i++)
        call_assembly(i);
    end(20);
}

/* Every instruction of it, with its signal's frame in between. */
TEST(cfa_in_other_registers_interrupted, "at every instruction of such a frame")
{
    struct sigaction action = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO}, old;
    begin();
    sigaction(SIGTRAP, &action, &old);
    stepping = true;
    __asm__ volatile("sub $128, %%rsp; pushfq; orl $0x100, (%%rsp); popfq; add $128, %%rsp" ::
                         : "memory", "cc");
    capture_test_cfa_in_others();
    stepping = false;
    KEEP;
    sigaction(SIGTRAP, &old, NULL);
    end(12);
}

/* ---- threads and other stacks */

static void *thread_main(void *argument)
{
    (void)argument;
    for (int i = 0; i < 50; i++)
        realigned_arguments(i, 2, 3, 4, 5, 6, 7, 8);
    return NULL;
}

static void *thread_small(void *argument)
{
    *(uint32_t *)argument = stack_capture(STACK_START());
    KEEP;
    return NULL;
}

TEST(threads, "in threads")
{
    pthread_t thread;
    pthread_attr_t attributes;
    uint32_t id = 0;
    begin();
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, thread_main, NULL), 0);
    pthread_join(thread, NULL);
    end(50);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 16384);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, &attributes, thread_small, &id), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    CU_ASSERT_NOT_EQUAL(id, 0);
}

static ucontext_t coroutine, caller;

static void coroutine_main(void)
{
    realigned_arguments(1, 2, 3, 4, 5, 6, 7, 8);
    swapcontext(&coroutine, &caller);
}

TEST(coroutines, "in a coroutine")
{
    size_t size = 64 * 1024;
    char *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    begin();
    getcontext(&coroutine);
    coroutine.uc_stack.ss_sp = room;
    coroutine.uc_stack.ss_size = size;
    makecontext(&coroutine, coroutine_main, 0);
    swapcontext(&caller, &coroutine);
    munmap(room, size);
    end(1);
}

/* ---- registers of a fault */

static sigjmp_buf back;
static uint32_t fault_id;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t next = probe_resume((uintptr_t)registers[REG_RIP]);
    (void)signal, (void)info;
    if (next) {
        registers[REG_RIP] = (greg_t)next;
        return;
    }
    struct stack_registers interrupted = {(uintptr_t)registers[REG_RIP],
                                          (uintptr_t)registers[REG_RSP],
                                          (uintptr_t)registers[REG_RBP], registers};
    fault_id = stack_capture_registers(&interrupted);
    siglongjmp(back, 1);
}

static struct sigaction old_segv, old_bus;

static int install(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    return sigaction(SIGSEGV, &action, &old_segv) | sigaction(SIGBUS, &action, &old_bus);
}

static int uninstall(void)
{
    return sigaction(SIGSEGV, &old_segv, NULL) | sigaction(SIGBUS, &old_bus, NULL);
}

SUITE("capture", install, uninstall);

static NOINLINE void read_at(const volatile char *address)
{
    (void)*address;
    KEEP;
}

static NOINLINE uint32_t call_at(void (*function)(void))
{
    uint32_t id = check();
    function();
    KEEP;
    return id;
}

/* The frames from `skip` on are the callers of this function. */
static void expect_callers(uint32_t id, size_t skip, uint32_t own_id)
{
    struct mmt_frame frames[STACK_DEPTH_MAX], own[STACK_DEPTH_MAX];
    size_t count = depot_get(id, frames, STACK_DEPTH_MAX),
           own_count = depot_get(own_id, own, STACK_DEPTH_MAX);
    CU_ASSERT_EQUAL_FATAL(count, own_count + skip);
    for (size_t i = 1; i < own_count; i++)
        CU_ASSERT_EQUAL(frames[i + skip].pc, own[i].pc);
    CU_ASSERT(frames[0].module & MMT_FRAME_EXACT);
    for (size_t i = 1; i < count; i++)
        CU_ASSERT(!(frames[i].module & MMT_FRAME_EXACT));
}

TEST(faults, "registers of a fault")
{
    const char *volatile nowhere = (const char *)64;
    uint32_t own = check();
    if (!sigsetjmp(back, 1))
        read_at(nowhere);
    expect_callers(fault_id, 1, own);
}

TEST(wild_calls, "calls through wild pointers")
{
    static char data[64] = {(char)0x90};
    uintptr_t targets[] = {0, 0x1234, (uintptr_t)data, (uintptr_t)1 << 45};
    for (volatile size_t i = 0; i < ARRAY_LENGTH(targets); i++) {
        uint32_t own = check();
        fault_id = 0;
        if (!sigsetjmp(back, 1))
            call_at((void (*)(void))targets[i]);
        expect_callers(fault_id, 2, own);
        CU_ASSERT_EQUAL(depot_node(fault_id)->pc, targets[i]);
    }
}

TEST(garbage, "garbage in registers")
{
    struct stack_registers registers[] = {
        {0, 0, 0, NULL},
        {1, 1, 1, NULL},
        {UINTPTR_MAX, UINTPTR_MAX, UINTPTR_MAX, NULL},
        {(uintptr_t)&garbage, 0, 0, NULL},
        {(uintptr_t)&garbage, 8, 16, NULL},
        {(uintptr_t)&garbage, UINTPTR_MAX - 15, UINTPTR_MAX - 15, NULL},
        {(uintptr_t)&garbage, (uintptr_t)1 << 46, (uintptr_t)1 << 46, NULL},
        {(uintptr_t)1 << 47, (uintptr_t)registers, (uintptr_t)registers, NULL},
        {(uintptr_t)registers, (uintptr_t)registers + 3, (uintptr_t)registers + 3, NULL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(registers); i++) {
        uint32_t id = stack_capture_registers(&registers[i]);
        CU_ASSERT_NOT_EQUAL_FATAL(id, 0);
        struct mmt_frame frames[STACK_DEPTH_MAX];
        size_t count = depot_get(id, frames, STACK_DEPTH_MAX);
        CU_ASSERT(count >= 1 && frames[0].pc == registers[i].pc);
    }
}
