/* SPDX-License-Identifier: MIT */
#include "cli/launch.h"

#include "cli/launch_check.h"
#include "cli/launch_folder.h"
#include "cli/launch_marks.h"
#include "cli/launch_options.h"
#include "cli/launch_prepare.h"
#include "cli/launch_run.h"
#include "cli/launch_text.h"
#include "cli/outcome.h"
#include "util/regularfile.h"
#include "util/version.h"
#include "util/xalloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The Makefile's LIBDIR. */
#ifndef MMGUARD_LIBDIR
#define MMGUARD_LIBDIR "/usr/local/lib"
#endif

/* One run, from the command line to the exit status. */
struct run {
    struct launch_options options;
    char *library;
    char *symbolizer; /* mmreport beside this program, or NULL */
    char *path; /* of the program */
    char *keep_directory; /* where the traces are to stay, or NULL */
    bool keep_directory_missing; /* it is to be made */
    char *directory; /* a new one, of this run alone */
    bool left; /* processes of it still run */
    uint32_t pid;
    int wait_status;
};

/* The folder of this executable, allocated. */
static char *own_folder(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (length <= 0)
        return xalloc_format(".");
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    return xalloc_format("%s", path);
}

static int find_library(struct run *run)
{
    char *folder = own_folder();
    char *symbolizer = xalloc_format("%s/mmreport", folder);
    if (access(symbolizer, X_OK) == 0)
        run->symbolizer = symbolizer;

    if (run->options.library) {
        run->library = realpath(run->options.library, NULL);
        if (!run->library)
            return launch_fail("%s: cannot be used as libguard.so: %s", run->options.library,
                               strerror(errno));
    } else {
        /* Where `make install` puts it, relative to its other half, so that both can be moved. */
        static const char *const places[] = {"", "/../lib", "/../lib/mmguard", "/../lib64",
                                             "/../lib/x86_64-linux-gnu"};
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !run->library; i++) {
            char *candidate = xalloc_format("%s%s/libguard.so", folder, places[i]);
            run->library = realpath(candidate, NULL);
            free(candidate);
        }
        if (!run->library && MMGUARD_LIBDIR[0] == '/')
            run->library = realpath(MMGUARD_LIBDIR "/libguard.so", NULL);
        if (!run->library)
            return launch_fail("libguard.so not found in %s, in lib, lib/mmguard, lib64 or "
                               "lib/x86_64-linux-gnu beside it, or in " MMGUARD_LIBDIR
                               "; --library=PATH names it",
                               folder);
    }
    if (access(run->library, R_OK))
        return launch_fail("%s: %s", run->library, strerror(errno));
    if (strpbrk(run->library, ": "))
        return launch_fail("%s: LD_PRELOAD cannot hold a path with ':' or a space", run->library);
    return 0;
}

/* Doubles '%', which stands for something in the option `log`. */
static char *log_pattern(const char *path)
{
    if (path[0] == '/')
        return xalloc_format("%s", path);
    char *here = launch_absolute("");
    char *pattern = xalloc(2 * strlen(here) + strlen(path) + 1);
    char *to = pattern;
    for (const char *from = here; *from; from++) {
        if (*from == '%')
            *to++ = '%';
        *to++ = *from;
    }
    strcpy(to, path);
    free(here);
    return pattern;
}

/* Where the traces are to stay, absolute. A folder that is missing is made later. */
static int settle_keep_directory(struct run *run, const char *named)
{
    struct stat status;
    run->keep_directory = realpath(named, NULL);
    if (!run->keep_directory && errno == ENOENT && *named) {
        run->keep_directory = launch_absolute(named);
        run->keep_directory_missing = true;
        return 0;
    }
    if (!run->keep_directory || stat(run->keep_directory, &status))
        return launch_fail("%s: cannot be used as the directory for traces: %s", named,
                           strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return launch_fail("%s: cannot be used as the directory for traces: not a directory",
                           named);
    if (access(run->keep_directory, W_OK | X_OK))
        return launch_fail("%s: cannot be used as the directory for traces: %s", named,
                           strerror(errno));
    return 0;
}

/* Makes the paths among the options absolute: the program may change its working directory. */
static int settle_paths(struct run *run)
{
    const char **value = run->options.value;
    bool keep = value[OPTION_keep] && launch_options_number(&run->options, OPTION_keep);
    int status = 0;
    if (value[OPTION_dir] || keep)
        status = settle_keep_directory(run, launch_options_text(&run->options, OPTION_dir));
    if (value[OPTION_log] && *value[OPTION_log])
        value[OPTION_log] = log_pattern(value[OPTION_log]);
    if (value[OPTION_symbolizer] && *value[OPTION_symbolizer])
        value[OPTION_symbolizer] = launch_absolute(value[OPTION_symbolizer]);
    else
        value[OPTION_symbolizer] = run->symbolizer;
    return status;
}

/* Makes the folder for the traces, in which other output may be meant to lie, and looks whether all
 * that is read and written at the end can be. Leaves nothing if not. */
static int prepare(struct run *run)
{
    const char *named = launch_options_text(&run->options, OPTION_dir);
    if (run->keep_directory_missing && mkdir(run->keep_directory, 0777))
        return launch_fail("%s: cannot be made as the directory for traces: %s", named,
                           strerror(errno));
    run->options.flags.arguments = run->options.value[OPTION_arguments] &&
                                   launch_options_number(&run->options, OPTION_arguments);
    int kinds = -1;
    if (run->options.value[OPTION_leak_kinds])
        kinds = launch_options_number(&run->options, OPTION_leak_kinds);
    int status = launch_prepare(&run->options.flags, run->options.value[OPTION_log], kinds);
    if (status && run->keep_directory_missing)
        rmdir(run->keep_directory);
    return status;
}

/* Returns only if gdb cannot be run. */
static int run_debugger(struct run *run)
{
    struct launch_options settings = run->options;
    if (!settings.value[OPTION_on_error])
        settings.value[OPTION_on_error] = "trap";
    if (!settings.value[OPTION_dir])
        settings.value[OPTION_keep] = NULL;
    return launch_gdb(run->path, run->options.program, run->library,
                      launch_options_join(&settings));
}

static int run_program(struct run *run)
{
    struct launch_options settings = run->options;
    settings.value[OPTION_dir] = run->directory;
    settings.value[OPTION_keep] = "1";
    settings.value[OPTION_exitcode] = "0";
    /* The leaks of all processes are reported together, at the end. */
    if (run->options.flags.valgrind)
        settings.value[OPTION_report] = "none";
    else if (launch_options_number(&run->options, OPTION_report) == 0)
        settings.value[OPTION_report] = "errors";
    char *text = launch_options_join(&settings);
    int status = launch_run(run->path, run->options.program, run->library, text, &run->pid,
                            &run->wait_status);
    free(text);
    return status;
}

/* The log as the program itself sees its name: with %p, %e and %% replaced. Allocated. */
static char *log_path(const struct run *run, const char *pattern)
{
    char *resolved = realpath(run->path, NULL);
    const char *program = resolved ? strrchr(resolved, '/') + 1 : run->path;
    char *path = xalloc(strlen(pattern) * (strlen(program) + 16) + 1);
    char *to = path;
    for (const char *from = pattern; *from; from++) {
        char next = from[0] == '%' ? from[1] : '\0';
        if (next == 'p')
            to += sprintf(to, "%u", run->pid);
        else if (next == 'e')
            to = stpcpy(to, program);
        else
            *to++ = *from;
        if (next == 'p' || next == 'e' || next == '%')
            from++;
    }
    *to = '\0';
    free(resolved);
    return path;
}

/* Appends the report to the log; one that is empty does not make a file. */
static void write_log(const struct run *run, const char *text, size_t length)
{
    if (!length && !run->options.flags.valgrind)
        return;
    char *path = log_path(run, run->options.value[OPTION_log]);
    FILE *log = regularfile_output(path, run->options.flags.valgrind ? "w" : "a");
    if (!log || fwrite(text, 1, length, log) != length || fflush(log)) {
        launch_say("%s: cannot be written: %s", path, strerror(errno));
        fwrite(text, 1, length, stderr);
    }
    if (log)
        fclose(log);
    free(path);
}

/* Prints what all traces of the run say, to standard error or the log. Returns false if they could
 * not be read. */
static bool print_report(const struct run *run, struct outcome *outcome)
{
    const struct launch_options *options = &run->options;
    const char *log = launch_options_text(options, OPTION_log);
    char *program = realpath(run->path, NULL);
    char *text = NULL;
    size_t length = 0;
    FILE *out = *log ? open_memstream(&text, &length) : stderr;
    if (!out)
        out = stderr;
    const struct outcome_run asked = {
        .directory = run->directory,
        .pid = run->pid,
        .program = program,
        .flags = &options->flags,
        .leak_kinds = launch_options_number(options, OPTION_leak_kinds),
        .leaks_wanted = launch_options_number(options, OPTION_leak_check) != 0,
        .quiet = options->quiet || launch_options_number(options, OPTION_report) != 0,
        .color = launch_options_number(options, OPTION_color),
        .out = out,
    };
    int status = outcome_report(&asked, outcome);
    free(program);
    if (out != stderr && fclose(out) == 0)
        write_log(run, text, length);
    free(text);
    return status == 0;
}

/* A line a process, as many as tell what the matter is. */
static void say_unended(const char *lines)
{
    enum { MOST = 20 };
    size_t said = 0;
    for (; *lines && said < MOST; said++) {
        size_t length = strcspn(lines, "\n");
        launch_say("%.*s", (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
    size_t left = 0;
    for (; *lines; lines++)
        left += *lines == '\n';
    if (left)
        launch_say("and %zu more processes without a trace", left);
}

/* Returns the exit status. */
static int report(const void *argument)
{
    const struct run *run = argument;
    const struct launch_options *options = &run->options;
    const char *name = options->program[0];
    struct outcome outcome = {.gate = -1};
    bool read = !launch_folder_has_traces(run->directory) || print_report(run, &outcome);

    int own = WIFEXITED(run->wait_status) ? WEXITSTATUS(run->wait_status) : 0;
    int chosen = launch_options_number(options, OPTION_exitcode);
    bool found = outcome.gate >= 0 ? outcome.gate == 1 : outcome.errors || outcome.leak_blocks;
    bool blind = !read || !outcome.has_pid || outcome.incomplete || run->left || outcome.gate == 2;
    say_unended(textbuf_text(&outcome.unended));
    textbuf_free(&outcome.unended);
    textbuf_free(&outcome.system);
    if (run->left && run->keep_directory)
        launch_say("the trace of what still runs comes to %s when it ends", run->keep_directory);
    else if (run->left)
        launch_say("the trace of what still runs is thrown away when it ends; -o DIR keeps it");
    if (!outcome.has_pid && !outcome.has_mark)
        launch_say("no trace of %s (process %u); nothing is known about its heap (did it take "
                   "LD_PRELOAD out of its environment, or may it not write to the folder?)",
                   name, run->pid);
    else if (blind)
        launch_say("no complete trace of %s and the processes it started; what is not reported "
                   "is not known to be clean",
                   name);
    if (own)
        return own;
    if (found)
        return chosen;
    if (options->flags.gate && outcome.gate < 0)
        return LAUNCH_EXIT_USAGE;
    return blind ? LAUNCH_EXIT_USAGE : 0;
}

int launch_main(int argc, char **argv)
{
    struct run run = {0};
    int status = launch_options_read(&run.options, argc, argv);
    if (status)
        return status;
    if (run.options.help) {
        launch_options_help();
        return 0;
    }
    if (run.options.version) {
        printf("mmguard %s\n", MMGUARD_VERSION);
        return 0;
    }
    if (!run.options.program[0])
        return launch_fail("no program given; usage: mmguard [options] [--] program [arguments]");
    if ((status = find_library(&run)) || (status = settle_paths(&run)) ||
        (status = launch_check(run.options.program, &run.path)) || (status = prepare(&run)))
        return status;
    if (run.options.flags.gdb)
        return run_debugger(&run);
    launch_hold_signals();
    run.directory = launch_folder_make(run.keep_directory);
    if (!run.directory)
        return LAUNCH_EXIT_USAGE;

    status = run_program(&run);
    if (WIFSIGNALED(run.wait_status))
        launch_marks_signal(run.directory, run.pid, WTERMSIG(run.wait_status));
    run.left = !status && launch_marks_wait(run.directory) && launch_marks_outliving(run.directory);
    if (run.left)
        launch_folder_leave(run.directory);
    int interrupted = 0;
    if (!status)
        status = launch_apart(report, &run, &interrupted);
    launch_folder_clear(run.directory, run.keep_directory, run.left);
    if (interrupted)
        launch_say("the report was cut short (signal %d)%s%s", interrupted,
                   run.keep_directory ? "; the traces are in " : "",
                   run.keep_directory ? run.keep_directory : "");
    if (WIFSIGNALED(run.wait_status))
        launch_die_by(WTERMSIG(run.wait_status));
    if (interrupted)
        launch_die_by(interrupted);
    return status;
}
