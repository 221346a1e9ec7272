/* SPDX-License-Identifier: MIT
 *
 * Children that libc starts by itself, with no call of exec that could be seen. Each owes a trace:
 * the parent makes its mark, which a guarded program takes over.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/notice.h"
#include "base/sys.h"
#include "guard/guard.h"
#include "process/own_mark.h"

#define SPAWN_PARAMETERS                                                                           \
    (pid_t * pid, const char *file, const posix_spawn_file_actions_t *actions,                     \
     const posix_spawnattr_t *attributes, char *const *arguments, char *const *environment)

NEXT_FUNCTION(int, posix_spawn, SPAWN_PARAMETERS);
NEXT_FUNCTION(int, posix_spawnp, SPAWN_PARAMETERS);
NEXT_FUNCTION(int, system, (const char *));
NEXT_FUNCTION(FILE *, popen, (const char *, const char *));

EXPORT int posix_spawn SPAWN_PARAMETERS
{
    pid_t child;
    guard_enter();
    uint64_t time = sys_clock(CLOCK_REALTIME);
    int error = NEXT(posix_spawn)(&child, file, actions, attributes, arguments, environment);
    if (error)
        return error;
    own_mark_spawned(child, time, file, environment);
    if (pid)
        *pid = child;
    return 0;
}

EXPORT int posix_spawnp SPAWN_PARAMETERS
{
    pid_t child;
    guard_enter();
    uint64_t time = sys_clock(CLOCK_REALTIME);
    int error = NEXT(posix_spawnp)(&child, file, actions, attributes, arguments, environment);
    if (error)
        return error;
    own_mark_spawned(child, time, file, environment);
    if (pid)
        *pid = child;
    return 0;
}

/* The number of the shell is not told: what can be said is said of its parent. */
static void look_at_environment(void)
{
    guard_enter();
    if (own_mark_owes("sh", environ))
        notice_once(MMT_NOTE_INCOMPLETE,
                    "system() or popen() started a shell without LD_PRELOAD in its environment; it "
                    "and what it started ran unguarded");
}

EXPORT int system(const char *command)
{
    if (command)
        look_at_environment();
    return NEXT(system)(command);
}

EXPORT FILE *popen(const char *command, const char *mode)
{
    look_at_environment();
    return NEXT(popen)(command, mode);
}
