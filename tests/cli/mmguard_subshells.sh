# SPDX-License-Identifier: MIT
# Traces stay in kilobytes: a forked child writes what it did itself, and nothing of its parent again. The parent here allocates
# at 2,000 different stacks, some of them a leak, and forks 100 children, of which every tenth leaks a block of its own.
cat >forks.c <<'END'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *volatile kept;
static volatile int sink;

static void below(unsigned path, int depth)
{
    if (!depth) {
        if (path % 100)
            kept = realloc(kept, 100 + path);
        else
            sink += malloc(100 + path) != NULL;
    } else if (path & 1) {
        below(path >> 1, depth - 1);
        sink++;
    } else {
        below(path >> 1, depth - 1);
        sink--;
    }
}

static void leak_of_child(void)
{
    sink += malloc(77) != NULL;
}

int main(void)
{
    for (unsigned path = 0; path < 2000; path++)
        below(path, 11);
    for (int child = 0; child < 100; child++) {
        if (!fork()) {
            free(malloc(10));
            if (child % 10 == 0)
                leak_of_child();
            exit(0);
        }
        wait(NULL);
    }
    return 0;
}
END
$CC -g -O0 -w -fno-builtin -o forks forks.c || exit 77
mkdir traces
mmguard -q --error-exitcode=0 -o traces ./forks || exit
large=$(find traces -name '*.mmg' -size +20k | wc -l)
all=$(find traces -name '*.mmg' | wc -l)
echo "$large of $all traces larger than 20 KB"
mmreport tree --min=0 traces | grep 'leak_of_child'

# Subshells have the same stacks as their shell, which has thousands.
mkdir shell
cat >forks.sh <<'END'
f() { local n=$1; if [ $n -gt 0 ]; then f $((n-1)); x="$x a$n"; else x=; fi; }
i=0
while [ $i -lt 40 ]; do f $i; i=$((i+1)); done
i=0
while [ $i -lt 50 ]; do ( : ); i=$((i+1)); done
END
mmguard -q --error-exitcode=0 -o shell bash forks.sh || exit
echo "$(find shell -name '*.mmg' -size -20k | wc -l) of $(find shell -name '*.mmg' | wc -l)"
