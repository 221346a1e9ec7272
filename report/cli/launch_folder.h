/* SPDX-License-Identifier: MIT
 *
 * The folder of a run, which the traces of its processes are written to and nobody else's: traces
 * of other runs must not be counted in it.
 */
#ifndef CLI_LAUNCH_FOLDER_H
#define CLI_LAUNCH_FOLDER_H

#include <stdbool.h>

/* Makes one: in `keep`, where the traces are to stay; in the system's folder for temporary files if
 * that is NULL. Its path, allocated, or NULL after a message. */
char *launch_folder_make(const char *keep);

bool launch_folder_has_traces(const char *path);

/* From here on processes that still run put their traces into `keep` themselves, or throw them
 * away, and the last one removes the folder. */
void launch_folder_leave(const char *path);

/* Moves what is in it to `keep`, or throws it away if that is NULL, and removes it. `left`: but for
 * what belongs to processes that still run. */
void launch_folder_clear(const char *path, const char *keep, bool left);

#endif
