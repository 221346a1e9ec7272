/* SPDX-License-Identifier: MIT */
#include "cli/launch_prepare.h"

#include "cli/launch_text.h"
#include "cli/outcome.h"
#include "cli/suppressing.h"
#include "cli/verdict.h"
#include "util/xalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The lists that the environment names, absolute: a program may change its working directory. */
static void launch_absolute_lists(struct textbuf *files)
{
    struct textbuf named = {0};
    suppressing_from_environment(&named);
    for (const char *next = textbuf_text(&named); *next != '\0';) {
        size_t length = strcspn(next, "\n");
        char *path = xalloc_text(next, length);
        char *whole = path[0] == '/' ? NULL : launch_absolute(path);
        textbuf_put(files, whole != NULL ? whole : path);
        textbuf_put(files, "\n");
        free(whole);
        free(path);
        next += length + (next[length] == '\n');
    }
    textbuf_free(&named);
}

/* Whether the reports can be appended to the log, as far as its name is known. */
static int launch_check_log(const char *log)
{
    const char *slash = strrchr(log, '/');
    char *folder = slash == log    ? xalloc_format("/")
                   : slash != NULL ? xalloc_text(log, (size_t)(slash - log))
                                   : xalloc_format(".");
    struct stat status;
    int error = 0;
    if (strchr(log, '%') == NULL && stat(log, &status) == 0)
        error = S_ISDIR(status.st_mode) ? EISDIR : access(log, W_OK) != 0 ? errno : 0;
    else if (strchr(folder, '%') == NULL && access(folder, W_OK | X_OK) != 0)
        error = errno;
    free(folder);
    return error != 0 ? launch_fail("%s: cannot be written: %s", log, strerror(error)) : 0;
}

/* Whether the baseline can be read and the exports can be written. */
static int launch_check_files(struct launch_flags *flags, int leak_kinds)
{
    struct failure failure = {0};
    struct baseline_scope scope = {0};
    bool good = flags->gate == NULL || verdict_check_baseline(flags->gate, &scope, &failure);
    unsigned kinds = outcome_kinds(leak_kinds < 0 ? 0 : leak_kinds);
    if (good && !verdict_scope(&scope, leak_kinds >= 0, &kinds, &flags->own)) {
        good = failure_set(&failure,
                           "%s: was made without some kinds of leaks that --leak-kinds counts; "
                           "make it anew with the same kinds",
                           flags->gate);
    }
    for (int format = 0; good && format < EXPORTING_FORMATS; format++) {
        const char *path = flags->exports[format];
        good = path == NULL || exporting_check((enum exporting_format)format, path, &failure);
    }
    int status = good ? 0 : launch_fail("%s", failure.text);
    failure_free(&failure);
    return status;
}

int launch_prepare(struct launch_flags *flags, const char *log, int leak_kinds)
{
    struct suppressions rules = {0};
    launch_absolute_lists(&flags->suppressions);
    setenv(SUPPRESSING_VARIABLE, "", 1);
    bool good = suppressing_load(&rules, textbuf_text(&flags->suppressions));
    suppressions_free(&rules);
    if (!good)
        return LAUNCH_EXIT_USAGE;
    if (launch_check_files(flags, leak_kinds) != 0 ||
        (log != NULL && *log != '\0' && launch_check_log(log) != 0))
        return LAUNCH_EXIT_USAGE;
    setenv(SUPPRESSING_VARIABLE, textbuf_text(&flags->suppressions), 1);
    return 0;
}

/* Between single quotes for a shell. */
static void launch_quote(struct textbuf *command, const char *text)
{
    textbuf_put(command, "'");
    for (; *text != '\0'; text++)
        if (*text == '\'')
            textbuf_put(command, "'\\''");
        else
            textbuf_put_bytes(command, text, 1);
    textbuf_put(command, "'");
}

/* The script of gdb lies beside the library. It passes on the signals by which libguard looks at
 * memory, and selects the program's frame where an error stopped the program. */
static char *launch_gdb_script(const char *library)
{
    const char *slash = strrchr(library, '/');
    return xalloc_format("%.*slibguard-gdb.py", slash != NULL ? (int)(slash - library) + 1 : 0,
                         library);
}

int launch_gdb(const char *path, char **program, const char *library, const char *settings)
{
    struct textbuf wrapper = {0};
    const char *old = getenv("LD_PRELOAD");
    char *preload = xalloc_format("LD_PRELOAD=%s%s%s", library, old != NULL && *old ? ":" : "",
                                  old != NULL ? old : "");
    char *options = xalloc_format("MMGUARD_OPTIONS=%s", settings);
    textbuf_put(&wrapper, "set exec-wrapper env ");
    launch_quote(&wrapper, preload);
    textbuf_put(&wrapper, " ");
    launch_quote(&wrapper, options);
    size_t count = 0;
    while (program[count] != NULL)
        count++;
    char *script = launch_gdb_script(library);
    if (access(script, R_OK) != 0)
        return launch_fail("gdb: %s: %s", script, strerror(errno));
    const char *const first[] = {"gdb", "-q",  "-x",    script, "-ex", textbuf_text(&wrapper),
                                 "-ex", "run", "--args"};
    size_t fixed = sizeof first / sizeof *first;
    char **arguments = xalloc_zeroed(fixed + count + 1, sizeof *arguments);
    for (size_t i = 0; i < fixed; i++)
        arguments[i] = (char *)first[i];
    arguments[fixed] = (char *)path;
    for (size_t i = 1; i < count; i++)
        arguments[fixed + i] = program[i];
    execvp("gdb", arguments);
    return launch_fail("gdb: cannot be run: %s", strerror(errno));
}
