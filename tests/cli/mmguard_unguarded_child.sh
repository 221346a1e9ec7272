# SPDX-License-Identifier: MIT
# Programs that start without libguard owe a trace as all others do: each is named with the reason, and nothing passes.
cat >start.c <<'END'
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int count, char **arguments)
{
    char *nothing[] = {NULL}, *program[] = {arguments[2], NULL};
    pid_t pid;
    if (!strcmp(arguments[1], "spawn"))
        posix_spawn(&pid, arguments[2], NULL, NULL, program, nothing);
    else if (!strcmp(arguments[1], "spawn-whole"))
        posix_spawnp(&pid, arguments[2], NULL, NULL, program, environ);
    else if (!strcmp(arguments[1], "vfork")) {
        if (vfork() == 0)
            _exit(execve(arguments[2], program, nothing));
    } else if (!strcmp(arguments[1], "vfork-failed")) {
        if (vfork() == 0)
            _exit(execve("./start.c", program, nothing) && execve("./none", program, nothing));
    } else if (!strcmp(arguments[1], "system"))
        system(arguments[2]);
    else if (!strcmp(arguments[1], "popen"))
        pclose(popen(arguments[2], "r"));
    else if (!strcmp(arguments[1], "system-clearenv"))
        clearenv(), system(arguments[2]);
    else if (fork() == 0) {
        if (!strcmp(arguments[1], "clearenv"))
            clearenv();
        if (!strcmp(arguments[1], "execle"))
            execle(arguments[2], arguments[2], NULL, nothing);
        else if (!strcmp(arguments[1], "failed"))
            execve("./start.c", program, nothing), execve("./none", program, nothing);
        else
            execvp(arguments[2], program);
        _exit(0);
    }
    wait(NULL);
    return 0;
}
END
cat >child.c <<'END'
int main(void)
{
    return 0;
}
END
gcc -w -o start start.c && gcc -w -o child child.c && gcc -w -static -o fixed child.c || exit 1
touch nothing.txt
mkdir traces
try() {
    echo "== $*"
    mmguard -q -o traces "$@" 2>&1
    echo "status $?"
    mmreport gate --baseline=nothing.txt traces 2>&1
    echo "gate $?"
    rm -f traces/*
}
try ./start exec ./child
try ./start execle ./child
try ./start clearenv ./child
try ./start failed ./child
try ./start exec ./fixed
try ./start spawn ./child
try ./start spawn-whole ./child
try ./start spawn-whole ./fixed
try ./start vfork ./child
try ./start vfork-failed ./child
try ./start system ./child
try ./start popen ./child
try ./start system-clearenv ./child
try sh -c 'env -i ./child; true'
try sh -c 'env -i ./child; ./child' 
try --children=no sh -c 'env -i ./child; true'
try --follow=start ./start execle ./child
