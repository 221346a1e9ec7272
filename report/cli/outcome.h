/* SPDX-License-Identifier: MIT
 *
 * What a run leaves behind, in short: printed at the end of a run by mmguard, or by `mmreport
 * _ending` for a process without a launcher.
 */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include "model/profile.h"
#include "render/style.h"
#include "util/textbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct launch_flags;

/* What is to be reported of a run of mmguard, and how. */
struct outcome_run {
    const char *directory; /* with the traces */
    uint32_t pid; /* of the launched program */
    const char *program; /* its file; NULL: not known */
    const struct launch_flags *flags;
    int leak_kinds; /* as outcome_kinds() takes it */
    bool leaks_wanted; /* leaks were to be searched for */
    bool quiet; /* what outcome_print() says is not wanted */
    int color; /* enum style_color */
    FILE *out;
};

struct outcome {
    size_t processes;
    bool incomplete; /* something is missing; nobody may say "clean" */
    bool has_pid; /* the trace of the launched program is there */
    bool has_mark; /* its mark is there instead */
    struct textbuf unended; /* lines on processes that left a mark and no trace; to be freed */
    uint64_t errors;
    uint64_t leak_blocks, leak_bytes; /* of the selected kinds */
    struct textbuf system; /* a line on leaks of programs of the system; to be freed */
    int gate; /* the gate's verdict: 0, 1 or 2; -1 without a gate */
};

/* The leaks that count: leak_kinds 0 is definite and indirect, 1 possible as well, 2 reachable as
 * well. Returns bits 1 << enum mmt_leak_kind. */
unsigned outcome_kinds(int leak_kinds);

/* Prints the leaks, their likely origin and their tree, a line with the number of errors, and the
 * notes on lost protection. Prints nothing if there is none of all that. Puts names to the frames
 * it shows. Returns whether there are errors or leaks. */
bool outcome_print(const struct style *style, struct profile *profile, unsigned kinds);

/* Loads every trace of the run; prints what outcome_print() does, over all processes together, and
 * what the flags ask for; fills *outcome. Returns 0, or 2 with a message on standard error. */
int outcome_report(const struct outcome_run *run, struct outcome *outcome);

#endif
