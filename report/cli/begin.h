/* SPDX-License-Identifier: MIT
 *
 * What the commands of mmreport have in common.
 */
#ifndef CLI_BEGIN_H
#define CLI_BEGIN_H

#include "cli/arguments.h"
#include "model/profile.h"
#include "render/view.h"

#define COMMAND_BAD         2
#define COMMAND_NOTHING     3 /* of `_ending`, for libguard: neither errors nor leaks */
#define COMMAND_MIN_PERCENT 0.5
#define COMMAND_LIMIT       20

/* A command from its arguments to what it shows. */
struct command {
    enum arguments_command id;
    struct arguments arguments;
    struct profile profile;
    struct issues issues;
    struct textbuf doubts;
    struct view view; /* of the profile, as the arguments want it, on standard output */
    int status; /* of the command, if it is over before it has shown anything */
};

/* Reads the arguments and loads the traces. Returns false if the command is over, with its status;
 * then nothing is left to be released. */
bool command_begin(struct command *command, enum arguments_command id, int argc, char **argv);

/* Writes the view by one of them, as the arguments say. */
void command_show(const struct command *command, view_writer *text, view_writer *json);

/* What all commands end with: releases what the command has. Returns the status. */
int command_end(struct command *command);

/* Where names are looked for; NULL: nowhere. */
const struct symsearch *command_search(const struct command *command);

#endif
