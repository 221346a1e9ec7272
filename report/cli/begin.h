/* SPDX-License-Identifier: MIT
 *
 * What the commands of mmreport have in common.
 */
#ifndef CLI_BEGIN_H
#define CLI_BEGIN_H

#include "cli/arguments.h"
#include "model/profile.h"
#include "render/style.h"

#define COMMAND_BAD         2
#define COMMAND_NOTHING     3 /* of `_ending`, for libguard: neither errors nor leaks */
#define COMMAND_MIN_PERCENT 0.5
#define COMMAND_LIMIT       20

/* Reads the arguments and loads the traces. Returns false if the command is over, with its status;
 * then nothing is left to be released. */
bool command_begin(struct arguments *arguments, enum arguments_command command, int argc,
                   char **argv, struct profile *profile, int *status);

/* What all commands end with: releases both. Returns the status. */
int command_end(struct arguments *arguments, struct profile *profile);

/* The style the arguments ask for; it refers to them. */
struct style command_style(const struct arguments *arguments);

/* The share, in percent, below which nodes of a tree are summed up. */
double command_min(const struct arguments *arguments);

/* The limit of a list, 0 for none. */
size_t command_limit(const struct arguments *arguments);

#endif
