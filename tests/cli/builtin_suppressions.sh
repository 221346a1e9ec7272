# SPDX-License-Identifier: MIT
# What libc, the loader and the C++ library allocate once and keep is no leak of the program's; all that is the program's still is.
library=${SAMPLES%/tests/*}/libguard.so
cat >program.cc <<'END'
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <csignal>
#include <cstring>
#include <iostream>
#include <pthread.h>
#include <dirent.h>
#include <pwd.h>
#include <sched.h>
static void *kept[64];
static void *run(void *argument) { return argument; }
static int compare(const void *a, const void *b)
{
    kept[0] = malloc(111); // the program's, though libc calls
    return 0;
}
static int tasks()
{
    int count = 0;
    DIR *directory = opendir("/proc/self/task");
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 2;
}
static void threads(int count, bool join)
{
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        pthread_create(&thread, nullptr, run, nullptr);
        if (join)
            pthread_join(thread, nullptr);
    }
    while (tasks() != 1)
        sched_yield();
}
int main(int, char **arguments)
{
    setlocale(LC_ALL, "C.UTF-8");
    getpwnam("root");
    std::cout << 1.5 << std::endl;
    threads(8, true);
    for (const char *what; (what = *++arguments);) {
        int numbers[2] = {2, 1};
        if (!strcmp(what, "keep"))
            qsort(numbers, 2, sizeof(int), compare);
        if (!strcmp(what, "unjoined"))
            threads(20, false);
        if (!strcmp(what, "kill"))
            raise(SIGKILL);
    }
}
END
g++ -g -w -O0 -fno-builtin -o program program.cc -pthread
run() { # OPTIONS ARGUMENTS...
    rm -rf traces && mkdir traces
    env MMGUARD_OPTIONS="dir=traces:color=never:$1" LD_PRELOAD="$library" ./program "${@:2}" >/dev/null 2>said
    echo "$*: status $?"
}
lists() {
    grep -oE 'still reachable: 111 bytes in 1 block|(possibly lost|still reachable): 0 bytes in 0 blocks' "$1"
    grep -q '(built-in: [1-9]' "$1" && echo "suppressed"
    grep -qE '[0-9] +[0-9.]+% +[0-9]+ .*all leaks' "$1" && grep -oE '(compare|setlocale)\b' "$1" | sort -u
}
run leak_kinds=reachable:keep=1
cat said
mmreport summary traces >summary
lists summary
run leak_kinds=reachable:builtin_suppressions=0
lists said
run leak_kinds=reachable keep
lists said
run leak_kinds=possible unjoined
grep -cE 'main at program.cc|threads at program.cc' said
# Nothing of it depends on how the process ended or on who looks.
run leak_kinds=reachable:record=1 keep kill 2>/dev/null
mmreport summary traces 2>/dev/null >summary
grep -cE 'built-in: [1-9]' summary
mmreport tree --kind=reachable traces 2>/dev/null | grep -oE '(compare|setlocale|getpwnam)\b' | sort -u
run leak_kinds=reachable:keep=1 keep
mmreport summary traces | grep -o '(built-in.*' >one
mmreport gate --kind=all traces | grep -o '(built-in.*' >other
cmp one other
mmreport gate --kind=all traces | grep -c ' reachable '
mmreport gate --kind=all --no-builtin-suppressions traces | head -n 1 | grep -c built-in
mmreport suppressions --kind=all traces | sed -E 's/[0-9,]+ bytes in [0-9]+ blocks?/N bytes in N blocks/; s/ <.*//' | sort
mmguard --leak-kinds=reachable ./program >/dev/null 2>&1
echo "mmguard: status $?"
mmguard --leak-kinds=reachable --builtin-suppressions=0 ./program >/dev/null 2>&1
echo "mmguard --builtin-suppressions=0: status $?"
