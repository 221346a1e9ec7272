/* SPDX-License-Identifier: MIT
 *
 * Build: cc -O2 -std=gnu11 -D_GNU_SOURCE -Iinclude -Ilibguard -o stack_capture
 * bench/micro/stack_capture.c BUILD/obj/libguard/{base,stack}/*.o. Prints `PATTERN-METHOD
 * NANOSECONDS` a line: time of one capture, and for 32768 more stacks of 30 frames, whose steps are
 * chosen at random: `depot-nodes-30 N` frames that a stack does not share with another,
 * `depot-bytes-30 BYTES` memory for a stack.
 *
 * Methods: guard (stack with id in the depot), libunwind (unw_backtrace, addresses only), libgcc
 * (_Unwind_Backtrace, addresses only). Patterns: 16 and 30 frames captured again from the same
 * place; 30 frames whose inner third differs each time (branchy); 30 frames that all differ each
 * time, from a set of 512 that was seen before (different). Only the captures are timed, and the
 * time of reading the clock is taken off. The median of interleaved rounds.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unwind.h>

#include "base/bits.h"
#include "base/own_memory.h"
#include "stack/capture.h"
#include "stack/depot.h"

#define ROUNDS 21
#define PATHS  512
#define FRAMES 64

enum method { NOTHING, GUARD, LIBUNWIND, LIBGCC, METHODS };

static int (*unwind_backtrace)(void **frames, int size);
static enum method method;
static unsigned repeat;
static volatile uint64_t sink;

static NOINLINE uint32_t capture(void)
{
    return stack_capture(STACK_START());
}

static _Unwind_Reason_Code append(struct _Unwind_Context *context, void *argument)
{
    void ***next = argument;
    *(*next)++ = (void *)_Unwind_GetIP(context);
    return _URC_NO_REASON;
}

/* Only the captures are timed: how well the processor predicts the calls on the way down depends on
 * what runs between them. */
static double spent;

static inline double ticks(void)
{
    unsigned low, high;
    __asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
    return (double)((uint64_t)high << 32 | low);
}

static NOINLINE uint64_t leaf(void)
{
    void *frames[FRAMES + 8], **next = frames;
    uint64_t sum = 0;
    double begin = ticks();
    for (unsigned i = 0; i < repeat; i++) {
        switch (method) {
        case GUARD:
            sum += capture();
            break;
        case LIBUNWIND:
            sum += (uint64_t)unwind_backtrace(frames, FRAMES);
            break;
        case LIBGCC:
            next = frames;
            _Unwind_Backtrace(append, &next);
            sum += (uint64_t)(next - frames);
            break;
        default:
            break;
        }
    }
    spent += ticks() - begin;
    return sum;
}

/* Frames of several sizes, each calling one of all; four bits of the path choose which. */
typedef uint64_t (*step_function)(unsigned depth, const uint8_t *path);
static const step_function steps[16];

#define STEP(n)                                                                                    \
    static NOINLINE uint64_t step_##n(unsigned depth, const uint8_t *path)                         \
    {                                                                                              \
        volatile uint64_t local[1 + (n) % 5];                                                      \
        local[0] = depth;                                                                          \
        uint64_t below = depth ? steps[*path](depth - 1, path + 1) : leaf();                       \
        return below + local[0] * (n);                                                             \
    }
STEP(0)
STEP(1)
STEP(2)
STEP(3) STEP(4) STEP(5) STEP(6) STEP(7) STEP(8) STEP(9) STEP(10) STEP(11) STEP(12) STEP(13) STEP(14)
    STEP(15)

        static const step_function steps[16] = {step_0,  step_1,  step_2,  step_3, step_4,  step_5,
                                                step_6,  step_7,  step_8,  step_9, step_10, step_11,
                                                step_12, step_13, step_14, step_15};

static uint8_t paths[PATHS][FRAMES];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double ns_a_tick;

static void calibrate(void)
{
    double from = now(), begin = ticks();
    while (now() - from < 2e7)
        ;
    ns_a_tick = (now() - from) / (ticks() - begin);
}

static NOINLINE double run(unsigned depth, unsigned descents, unsigned captures)
{
    repeat = captures;
    uint64_t sum = 0;
    spent = 0;
    for (unsigned i = 0; i < descents; i++) {
        const uint8_t *path = paths[i % PATHS];
        sum += steps[*path](depth, path + 1);
    }
    sink += sum;
    return spent * ns_a_tick / descents / captures;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t frames_here;

/* `same`: leading steps that all paths have in common. */
static void fill_paths_from(unsigned same, unsigned seed)
{
    srand(seed);
    for (unsigned i = 0; i < PATHS; i++)
        for (unsigned j = 0; j < FRAMES; j++)
            paths[i][j] = j < same && i ? paths[0][j] : (uint8_t)(rand() >> 8 & 15);
}

static void measure(const char *pattern, unsigned frames, unsigned same, unsigned descents,
                    unsigned captures)
{
    double times[METHODS][ROUNDS];
    unsigned depth = frames - (unsigned)frames_here;
    fill_paths_from(same, 1);
    for (int round = -1; round < ROUNDS; round++)
        for (enum method m = NOTHING; m < METHODS; m++) {
            method = m;
            double time = run(depth, m == LIBGCC ? descents / 8 + 1 : descents, captures);
            if (round >= 0)
                times[m][round] = time;
        }
    static const char *const names[] = {"nothing", "guard", "libunwind", "libgcc"};
    for (enum method m = NOTHING; m < METHODS; m++) {
        qsort(times[m], ROUNDS, sizeof(double), compare);
        if (m != NOTHING && (m != LIBUNWIND || unwind_backtrace))
            printf("%s-%s %.1f\n", pattern, names[m],
                   times[m][ROUNDS / 2] - times[NOTHING][ROUNDS / 2]);
    }
}

static void measure_memory(void)
{
    enum { SETS = 64 };
    uint64_t before = own_resident();
    uint32_t nodes = depot_count();
    method = GUARD;
    for (unsigned set = 0; set < SETS; set++) {
        fill_paths_from(0, set + 2);
        run(30 - (unsigned)frames_here, PATHS, 1);
    }
    printf("depot-nodes-30 %.1f\n", (double)(depot_count() - nodes) / PATHS / SETS);
    printf("depot-bytes-30 %.0f\n", (double)(own_resident() - before) / PATHS / SETS);
}

int main(void)
{
    void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
    unwind_backtrace = library ? (int (*)(void **, int))dlsym(library, "unw_backtrace") : NULL;
    if (!unwind_backtrace)
        unwind_backtrace =
            (int (*)(void **, int))abs; /* replaced by nothing useful: its lines are left out */
    calibrate();
    method = GUARD;
    struct mmt_frame frames[STACK_DEPTH_MAX];
    repeat = 1;
    frames_here = depot_get((uint32_t)steps[0](0, paths[0]), frames, STACK_DEPTH_MAX);
    if (!library)
        unwind_backtrace = NULL;
    measure("same16", 16, FRAMES, 64, 500);
    measure("same30", 30, FRAMES, 64, 500);
    measure("branchy30", 30, 20, 8192, 1);
    measure("different30", 30, 0, 8192, 1);
    measure_memory();
    return 0;
}
