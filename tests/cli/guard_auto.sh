# SPDX-License-Identifier: MIT
# The first 150,000 blocks of a process and of those it forks are guarded; that the later ones are not all guarded is said.
cat >main.c <<'C'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void blocks(int count)
{
    while (count-- > 0)
        free(malloc(40));
}

int main(int argc, char **argv)
{
    (void)argv;
    blocks(100000);
    pid_t child = fork();
    if (child == 0)
        blocks(argc > 1 ? 60000 : 40000);
    else
        waitpid(child, NULL, 0);
    return 0;
}
C
$CC -O0 -g -w -fno-builtin -o main main.c || exit 77
summary() { # OPTION [ARGUMENT]
    echo "$*"
    rm -rf traces && mkdir traces
    mmguard -q -o traces --keep "--guard=$1" ./main "${@:2}"
    mmreport summary traces | grep -o 'the first 150,000.*guard=all guards each'
}
summary auto
summary auto more
summary all more
exit 0
