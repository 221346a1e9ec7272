// SPDX-License-Identifier: MIT
// Nothing is reported.
#include "wipe.h"
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

int main(void)
{
    char *arguments[] = {"echo", "spawned", NULL};
    pid_t child;
    int status;
    REQUIRE(posix_spawn(&child, "/bin/echo", NULL, NULL, arguments, environ) == 0);
    REQUIRE(waitpid(child, &status, 0) == child && status == 0);
    say("after");
    return 0;
}
