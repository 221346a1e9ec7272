/* SPDX-License-Identifier: MIT
 *
 * Flags of mmguard that libguard.so has no part in: what counts, what is written, and those of
 * Valgrind, so that programs which call valgrind can call mmguard.
 */
#ifndef CLI_LAUNCH_FLAGS_H
#define CLI_LAUNCH_FLAGS_H

#include "render/exporting.h"
#include "util/textbuf.h"

#include <stdbool.h>

struct launch_flags {
    struct textbuf suppressions; /* files, one a line, absolute */
    const char *gate; /* a baseline; NULL: none */
    const char *exports[EXPORTING_FORMATS]; /* files to write; NULL: none */
    bool generate; /* suppressions are suggested */
    bool only_program; /* the processes it starts do not count */
    bool own; /* what only programs and libraries of the system have part in counts as suppressed */
    /* Leaks of programs of the system do not count, but those of the launched program do. */
    bool no_system_programs;
    bool arguments; /* exports hold those of programs */
    bool gdb;
    bool valgrind; /* report as Valgrind does */
    bool xml; /* its flag --xml */
    unsigned show_kinds; /* leaks that are shown besides those that count */
};

/* What a flag that is none of its own means for an option of libguard.so. */
struct launch_flag_option {
    const char *name, *value; /* NULL: nothing */
};

enum launch_flag { LAUNCH_FLAG_UNKNOWN, LAUNCH_FLAG_TAKEN, LAUNCH_FLAG_BAD };

/* Takes --NAME or --NAME=VALUE (`value` NULL: none; both must live as long as the flags), `key`
 * being the name with '_' for '-'. LAUNCH_FLAG_BAD is after a message. */
enum launch_flag launch_flags_take(struct launch_flags *flags, const char *key, const char *value,
                                   struct launch_flag_option *option);

/* Stores the names of mmguard's own flags, not Valgrind's, and of the export formats. Returns how
 * many there are. */
#define LAUNCH_FLAGS_MOST 64
size_t launch_flags_names(const char *names[LAUNCH_FLAGS_MOST]);

/* Prints their part of the help text. */
void launch_flags_help(void);

#endif
