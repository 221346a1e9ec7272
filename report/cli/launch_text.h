/* SPDX-License-Identifier: MIT
 *
 * Messages and words of the launcher.
 */
#ifndef CLI_LAUNCH_TEXT_H
#define CLI_LAUNCH_TEXT_H

enum {
    LAUNCH_EXIT_USAGE = 2, /* bad usage, or no data; nothing else of mmguard's own uses it */
};

/* Prints "mmguard: MESSAGE" as one line on standard error, with what a terminal might act on
 * escaped. Returns LAUNCH_EXIT_USAGE, so that a caller can return what this returns. */
int launch_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same line, for what is worth saying and stops nothing. */
void launch_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `path` made absolute by the working directory (neither normalized nor required to exist).
 * Allocated; ends the process with LAUNCH_EXIT_USAGE if the working directory cannot be told. */
char *launch_absolute(const char *path);

/* The candidate nearest to `word` by edit distance, or NULL if none is near enough to be meant.
 * `names` ends with NULL. */
const char *launch_nearest(const char *word, const char *const *names);

#endif
