// SPDX-License-Identifier: MIT
// options: on_error=stop:leak_check=0:log=/dev/null
// The child is stopped by its error until its parent lets it go on.
#include "wipe.h"
#include <signal.h>
#include <sys/wait.h>

int main(void)
{
    int status;
    pid_t child = fork();
    if (!child) {
        char *block = malloc(16);
        block[16] = 1;
        say("went on");
        _exit(0);
    }
    REQUIRE(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    say("stopped");
    kill(child, SIGCONT);
    REQUIRE(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 23);
    return 0;
}
