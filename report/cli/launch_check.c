/* SPDX-License-Identifier: MIT */
#include "cli/launch_check.h"

#include "cli/launch_text.h"
#include "util/regularfile.h"
#include "util/unguardable.h"
#include "util/xalloc.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel reads this much of a script's first line. */
enum { SCRIPT_LINE = 256 };

/* How a message names the program: the script it is the interpreter of goes first. */
struct subject {
    const char *script; /* NULL for the program itself */
    const char *name;
};

static int refuse(const struct subject *subject, const char *why)
{
    if (subject->script)
        return launch_fail("%s: its interpreter %s: %s", subject->script, subject->name, why);
    return launch_fail("%s: %s", subject->name, why);
}

/* Whether execve() would take the file; leaves errno saying why not. */
static bool executable(const char *path)
{
    struct stat status;
    if (stat(path, &status))
        return false;
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    /* access() says yes to root for a file nobody may execute; execve() does not. */
    if (!S_ISREG(status.st_mode) || !(status.st_mode & 0111)) {
        errno = EACCES;
        return false;
    }
    return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

/* Returns an allocated path, or NULL with errno set. */
static char *search(const char *name)
{
    if (strchr(name, '/') || !*name) {
        if (!*name) {
            errno = ENOENT;
            return NULL;
        }
        return executable(name) ? xalloc_format("%s", name) : NULL;
    }
    const char *path = getenv("PATH");
    if (!path)
        path = "/bin:/usr/bin";
    int error = ENOENT;
    for (;;) {
        size_t length = strcspn(path, ":");
        char *candidate = length ? xalloc_format("%.*s/%s", (int)length, path, name)
                                 : xalloc_format("./%s", name);
        if (executable(candidate))
            return candidate;
        /* A folder of PATH that may not be searched says nothing of the program. */
        if (errno == EACCES && access(candidate, F_OK) == 0)
            error = EACCES;
        free(candidate);
        if (!path[length])
            break;
        path += length + 1;
    }
    errno = error;
    return NULL;
}

static int refuse_missing(const struct subject *subject)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return refuse(subject, strchr(subject->name, '/') || !*subject->name
                                   ? "no such file"
                                   : "no such program in PATH");
    case EISDIR:
        return refuse(subject, "is a directory");
    case EACCES:
        return refuse(subject, "not executable");
    default:
        return refuse(subject, strerror(errno));
    }
}

/* Cuts the next word off a line, NULL at its end. */
static char *next_word(char **line)
{
    char *word = *line + strspn(*line, " \t");
    if (!*word)
        return NULL;
    char *end = word + strcspn(word, " \t");
    *line = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

/* The program that /usr/bin/env would start, from the words after it on a script's first line; NULL
 * if that cannot be told. */
static const char *env_target(char *line)
{
    for (char *word; (word = next_word(&line));) {
        if (strcmp(word, "-S") == 0 || strcmp(word, "-i") == 0 || strchr(word, '='))
            continue;
        return word[0] == '-' ? NULL : word;
    }
    return NULL;
}

static int check_file(const struct subject *subject, const char *path);

static int check_interpreter(const char *script, const char *name)
{
    struct subject subject = {script, name};
    char *path = search(name);
    if (!path)
        return refuse_missing(&subject);
    int status = check_file(&subject, path);
    free(path);
    return status;
}

static int check_script(const char *script, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    const char *interpreter = next_word(&line);
    if (!interpreter)
        return launch_fail("%s: its '#!' line names no interpreter", script);
    int status = check_interpreter(script, interpreter);
    const char *base = strrchr(interpreter, '/');
    if (status || strcmp(base ? base + 1 : interpreter, "env") != 0)
        return status;
    const char *target = env_target(line);
    return target ? check_interpreter(script, target) : 0;
}

static int check_file(const struct subject *subject, const char *path)
{
    int file = regularfile_open(path);
    if (file < 0) {
        /* A program may be executable and not readable; the system then does not preload into it in
         * every case, and nothing could be told about it here. */
        return refuse(subject, errno == EACCES   ? "not readable"
                               : errno == EINVAL ? "not a regular file"
                                                 : strerror(errno));
    }
    char start[SCRIPT_LINE + 1];
    ssize_t length = pread(file, start, SCRIPT_LINE, 0);
    int status = 0;
    if (length < 0) {
        status = refuse(subject, strerror(errno));
    } else if (length >= SELFMAG && memcmp(start, ELFMAG, SELFMAG) == 0) {
        const char *why = unguardable_file(file);
        status = why ? refuse(subject, why) : 0;
    } else if (!subject->script) {
        /* What is neither is run by /bin/sh, as execvp() does. */
        start[length] = '\0';
        status = length >= 2 && memcmp(start, "#!", 2) == 0
                     ? check_script(subject->name, start + 2)
                     : check_interpreter(subject->name, "/bin/sh");
    }
    close(file);
    return status;
}

/* The program among the arguments of ld.so; NULL if it is to do something else. */
static const char *loaded_program(char *const *arguments)
{
    static const char *const with_value[] = {
        "--library-path",         "--inhibit-rpath",    "--audit", "--preload", "--argv0",
        "--glibc-hwcaps-prepend", "--glibc-hwcaps-mask"};
    for (arguments++; *arguments && (*arguments)[0] == '-'; arguments++)
        for (size_t i = 0; i < sizeof(with_value) / sizeof(*with_value); i++)
            if (strcmp(*arguments, with_value[i]) == 0 && arguments[1])
                arguments++;
    return *arguments;
}

int launch_check(char *const *arguments, char **path)
{
    struct subject subject = {NULL, arguments[0]};
    *path = search(arguments[0]);
    if (!*path)
        return refuse_missing(&subject);
    const char *program = unguardable_is_loader(*path) ? loaded_program(arguments) : NULL;
    if (program)
        subject.name = program;
    int status = check_file(&subject, program ? program : *path);
    if (status) {
        free(*path);
        *path = NULL;
    }
    return status;
}
