# SPDX-License-Identifier: MIT
# A process that goes on when mmguard has returned keeps the folder of the run, is named, and passes nowhere. Its trace comes to the folder
# of -o when it ends.
cat >daemon.c <<'END'
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
static void *volatile last;
int main(int count, char **arguments)
{
    char byte;
    if (fork())
        return 0;
    if (count > 1 && fork())
        return 0;
    (void)!read(open("go", O_RDONLY), &byte, 1);
    volatile char *text = malloc(16);
    text[16] = 1;
    last = malloc(77);
    last = NULL;
    return 0;
}
END
gcc -w -O0 -g -o daemon daemon.c && mkfifo go && mkdir traces temporary && touch nothing.txt || exit 1
gate() {
    mmreport gate --baseline=nothing.txt traces 2>&1 | sed '/^ *at /d; s, [0-9a-f]*: ,: ,'
    echo "gate ${PIPESTATUS[0]}"
}
gone() { # FOLDER PATTERN
    for ((i = 0; i < 600; i++)); do
        [[ -z $(find "$1" -mindepth 1 -maxdepth 1 -name "$2" 2>/dev/null) ]] && return
        sleep 0.1
    done
    echo "still there after a minute:"
    find "$1"
}
try() {
    echo "== $*"
    mmguard --report=none -o traces "$@" >said 2>&1
    echo "status $?"
    sed "s|$PWD/||" said
    gate
    echo >go
    gone traces '.mmguard-*'
    find traces -type f 2>/dev/null | wc -l
    gate
    rm traces/*
}
try ./daemon
try ./daemon twice
try sh -c './daemon & wait'
echo "== thrown away"
TMPDIR=$PWD/temporary mmguard -q ./daemon >said 2>&1
echo "status $?"
cat said
ls temporary | wc -l
echo >go
gone temporary 'mmguard-*'
