/* SPDX-License-Identifier: MIT
 *
 * How a driver measures: the work is done in slices of some milliseconds until the time is used up,
 * and the medians of the slices' costs are printed. The result is one line of JSON on standard
 * output:
 *
 *     {"wall": NS, "cpu": NS, "low": NS, "high": NS, "slices": N, "ops": N}
 *
 * wall and cpu are nanoseconds for one operation (of the clock on the wall, of the whole process's
 * CPU time); low and high are the quartiles of cpu.
 */
#ifndef SLICES_H
#define SLICES_H

#include <stdint.h>

#define SLICES_MOST 256

struct slices {
    double wall[SLICES_MOST], cpu[SLICES_MOST];
    int count;
    uint64_t operations;
};

/* Nanoseconds of CLOCK_MONOTONIC and of the CPU time of the process. */
uint64_t slices_wall(void);
uint64_t slices_cpu(void);

/* Calls work(repeat), which returns how many operations it did, in slices for `millis` after a
 * warm-up of a quarter of that. */
void slices_run(struct slices *slices, uint64_t (*work)(uint64_t repeat), unsigned millis);

/* Adds one slice that the caller measured. */
void slices_add(struct slices *slices, uint64_t wall, uint64_t cpu, uint64_t operations);

/* Prints the line. There must be a slice. */
void slices_print(struct slices *slices);

#endif
