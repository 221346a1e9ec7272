# SPDX-License-Identifier: MIT
# The commands of gdb/libguard-gdb.py: what an address is, who allocated and freed the block, what points at it; in a program without
# libguard and in a core file they say that they cannot work.
command -v gdb >/dev/null || { echo "no gdb"; exit 77; }
gdb -q -batch -ex run /bin/true 2>&1 | grep -q "exited normally" || { echo "gdb cannot run programs here"; exit 77; }
gdb -q -nx -batch -ex 'python print(1)' 2>&1 | grep -qx 1 || { echo "gdb has no Python"; exit 77; }
cat >held.c <<'C'
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct node {
    struct node *next;
    char name[20];
};

static struct node *list;
static char **mapped;
static pthread_barrier_t ready;

static void add(const char *name)
{
    struct node *node = malloc(sizeof(*node));
    node->next = list;
    strcpy(node->name, name);
    list = node;
}

static void stop(void *live, void *gone)
{
    __asm__ volatile("" ::"r"(live), "r"(gone) : "memory");
}

static void *wait_with(void *block)
{
    void *volatile kept = block;
    pthread_barrier_wait(&ready);
    pthread_barrier_wait(&ready);
    return kept;
}

int main(void)
{
    pthread_t thread;
    add("first");
    add("second");
    char *gone = malloc(30), *of_thread = malloc(40), *lost = malloc(99);
    free(gone);
    mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mapped[5] = list->name + 3;
    pthread_barrier_init(&ready, NULL, 2);
    pthread_create(&thread, NULL, wait_with, of_thread);
    pthread_barrier_wait(&ready);
    lost = NULL;
    stop(list->next, gone);
    pthread_barrier_wait(&ready);
    pthread_join(thread, NULL);
    return lost != NULL;
}
C
$CC -O0 -g -fno-builtin -w -o held held.c -pthread || exit 77
script=$BUILD/libguard-gdb.py
debug() { # COMMAND...
    printf '%s\n' 'set width 0' 'set confirm off' 'break stop' 'run >/dev/null 2>report' "$@" 'kill' >commands
    gdb -q -nx -batch -ex "set exec-wrapper env LD_PRELOAD=$preload" -x "$script" -x commands ./held 2>&1 |
        grep -aE '^(a live|a freed|allocated|freed|  #0|register|0x|mmguard:|nothing|no leaks|leaks|[a-z0-9 -]*line [0-9]*: mmguard:)' |
        sed -E 's/^[^ ]*commands:[0-9]+: Error in sourced command file:$//; s/0x[0-9a-f]{6,}/ADDR/g; s/thread [0-9]+$/thread N/; s@/[^ ]*/held.c@held.c@'
}
preload=$BUILD/libguard.so
echo "-- addresses"
debug 'mmguard describe live' 'mmguard describe gone' 'mmguard describe &list' 'mmguard block live+3' 'mmguard block gone'
echo "-- holders"
debug 'mmguard who-points-at list' | grep -v ^register
debug 'up' 'mmguard who-points-at of_thread' | grep -o 'stack of thread' | sort -u
debug 'mmguard who-points-at &list'
echo "-- leaks"
debug 'mmguard leaks'
grep -o '99 bytes in 1 block leaked' report
echo "-- without libguard"
preload=
debug 'mmguard describe live'
