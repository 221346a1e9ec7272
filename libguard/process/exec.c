/* SPDX-License-Identifier: MIT
 *
 * The exec family. What the process is before it becomes another program is saved as at its end;
 * the new program then begins anew, under the same process id. posix_spawn, and exec after vfork,
 * are not concerned: they begin from a copy, or a loan, of a process that goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/debug.h"
#include "base/print.h"
#include "base/sys.h"
#include "calls/check_answer.h"
#include "diag/findings.h"
#include "guard/guard.h"
#include "process/ending.h"
#include "process/environment.h"
#include "process/limits.h"
#include "process/own_mark.h"
#include "signals/exec_mask.h"

/* The caller's registers are put on the stack, right below the frame pointer; from there up the
 * stack is the program's. */
#define CALLER()                                                                                   \
    ({                                                                                             \
        __builtin_unwind_init();                                                                   \
        (struct ending_caller){.frame = (uintptr_t)__builtin_frame_address(0) - 48};               \
    })

static bool executable(int directory, const char *path)
{
    return !sys_failed(sys_call3(SYS_faccessat, directory, (long)path, X_OK));
}

/* What there is to execute; NULL if there is nothing: then exec will fail, and nothing is to be
 * said. */
static const char *find_in_path(const char *file, char name[PATH_MAX])
{
    if (__builtin_strchr(file, '/'))
        return executable(AT_FDCWD, file) ? file : NULL;
    const char *path = getenv("PATH");
    for (const char *at = path ? path : "/bin:/usr/bin";; at++) {
        struct print p;
        const char *end = at;
        while (*end && *end != ':')
            end++;
        print_to_buffer(&p, name, PATH_MAX);
        print_bytes(&p, at, (size_t)(end - at));
        print_text(&p, end == at ? "./" : "/");
        print_text(&p, file);
        print_end(&p);
        if (executable(AT_FDCWD, name))
            return name;
        at = end;
        if (!*at)
            return NULL;
    }
}

NEXT_FUNCTION(int, execvpe, (const char *, char *const *, char *const *));
NEXT_FUNCTION(int, fexecve, (int, char *const *, char *const *));

static int outcome(long result, const struct exec_mask *mask)
{
    exec_mask_reset(mask);
    limits_after_exec_failed();
    own_mark_exec_failed();
    ending_exec_failed();
    errno = (int)-result;
    return -1;
}

static int run(bool search, const char *file, char *const *arguments, char *const *environment,
               struct ending_caller caller)
{
    char name[PATH_MAX];
    guard_enter();
    const char *found = search                       ? find_in_path(file, name)
                        : executable(AT_FDCWD, file) ? file
                                                     : NULL;
    if (found) {
        DEBUG_LINE(DEBUG_PROCESS, "exec", {"errors", findings_total()});
        ending_before_exec(caller);
        own_mark_before_exec(found, environment);
    }
    limits_before_exec();
    struct exec_mask mask = exec_mask_set(environment_preloads(environment));
    if (!search)
        outcome(sys_call3(SYS_execve, (long)file, (long)arguments, (long)environment), &mask);
    else
        outcome((NEXT(execvpe)(file, arguments, environment), -errno), &mask);
    answer_again("exec", -1, ANSWER_PATH, file, 0);
    answer_again("exec", -1, ANSWER_IN, arguments, sizeof(*arguments));
    answer_again("exec", -1, ANSWER_IN, environment, sizeof(*environment));
    return -1;
}

EXPORT int execve(const char *file, char *const *arguments, char *const *environment)
{
    return run(false, file, arguments, environment, CALLER());
}

EXPORT int execv(const char *file, char *const *arguments)
{
    return run(false, file, arguments, environ, CALLER());
}

EXPORT int execvp(const char *file, char *const *arguments)
{
    return run(true, file, arguments, environ, CALLER());
}

EXPORT int execvpe(const char *file, char *const *arguments, char *const *environment)
{
    return run(true, file, arguments, environment, CALLER());
}

EXPORT int fexecve(int fd, char *const *arguments, char *const *environment)
{
    guard_enter();
    ending_before_exec(CALLER());
    own_mark_before_exec("a file without a name", environment);
    limits_before_exec();
    struct exec_mask mask = exec_mask_set(environment_preloads(environment));
    NEXT(fexecve)(fd, arguments, environment);
    return outcome(-errno, &mask);
}

EXPORT int execveat(int directory, const char *file, char *const *arguments,
                    char *const *environment, int flags)
{
    guard_enter();
    if (flags & AT_EMPTY_PATH || executable(directory, file)) {
        ending_before_exec(CALLER());
        own_mark_before_exec(flags & AT_EMPTY_PATH ? "a file without a name" : file, environment);
    }
    limits_before_exec();
    struct exec_mask mask = exec_mask_set(environment_preloads(environment));
    return outcome(sys_call6(SYS_execveat, directory, (long)file, (long)arguments,
                             (long)environment, flags, 0),
                   &mask);
}

/* The arguments of the three functions that take them one by one, in a list on the stack; their
 * number is not limited. */
#define GATHER(list, first, last)                                                                  \
    size_t count_ = 1;                                                                             \
    va_start(last, first);                                                                         \
    while (va_arg(last, char *))                                                                   \
        count_++;                                                                                  \
    va_end(last);                                                                                  \
    char *list[count_ + 1];                                                                        \
    va_start(last, first);                                                                         \
    list[0] = (char *)first;                                                                       \
    for (size_t i_ = 1; i_ <= count_; i_++)                                                        \
    list[i_] = va_arg(last, char *)

EXPORT int execl(const char *file, const char *first, ...)
{
    va_list rest;
    GATHER(arguments, first, rest);
    va_end(rest);
    return run(false, file, arguments, environ, CALLER());
}

EXPORT int execlp(const char *file, const char *first, ...)
{
    va_list rest;
    GATHER(arguments, first, rest);
    va_end(rest);
    return run(true, file, arguments, environ, CALLER());
}

EXPORT int execle(const char *file, const char *first, ...)
{
    va_list rest;
    GATHER(arguments, first, rest);
    char *const *environment = va_arg(rest, char *const *);
    va_end(rest);
    return run(false, file, arguments, environment, CALLER());
}
