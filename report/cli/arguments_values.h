/* SPDX-License-Identifier: MIT
 *
 * How the values of mmreport's options are read: a row of the table names one of these. Each
 * returns false after a message if the value makes no sense.
 */
#ifndef CLI_ARGUMENTS_VALUES_H
#define CLI_ARGUMENTS_VALUES_H

#include "cli/arguments_table.h"

/* Each sets the field that the row is bound to: */
arguments_reader arguments_switch; /* a bool, true */
arguments_reader arguments_text; /* a text, the value as it is */
arguments_reader arguments_count; /* an unsigned, 0 to row->most */
arguments_reader arguments_percent; /* a double, 0 to 100 */
arguments_reader arguments_index; /* an int, the index of the value among row->words */
arguments_reader arguments_chosen; /* a text, one of row->words */
arguments_reader arguments_list; /* a struct textbuf, a line more */

/* The others set what they are about: */
arguments_reader arguments_kinds; /* has_kinds and kinds */
arguments_reader arguments_leak_kinds; /* kinds, as libguard's option leak_kinds has it */
arguments_reader arguments_filter; /* filter, its part row->filter */
arguments_reader arguments_path_map; /* search, one mapping more */
arguments_reader arguments_limit; /* policy, by the row's name */
arguments_reader arguments_no_cache;
arguments_reader arguments_debuginfod;

#endif
