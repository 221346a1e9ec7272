# SPDX-License-Identifier: MIT
# A debugger sees nothing in a clean program, and the fault of an error as SIGSEGV (or SIGBUS), at the instruction; with the `handle` line of
# mmguard(1) the program runs through.
command -v gdb >/dev/null || { echo "no gdb here"; exit 77; }
debug() { # PROGRAM COMMAND...
    local program=$1 command commands=()
    shift
    for command; do
        commands+=(-ex "$command")
    done
    LC_ALL=C timeout 300 gdb -nx -batch -ex "set environment LD_PRELOAD $BUILD/libguard.so" -ex "set environment MMGUARD_OPTIONS report=none" \
        -ex "set startup-with-shell off" -ex "set confirm off" "${commands[@]}" "$SAMPLES/$program" 2>&1 |
        grep -E '^(Program|main|#0|\[Inferior)' | sed -E 's/SIG(SEGV|BUS), .*/SIGSEGV or SIGBUS/; s/0x[0-9a-f]+ in //; s/process [0-9]+/process/; s/name=name@entry=/name=/'
}
debug fixed_twins run
debug overflow run 'bt 1' kill
debug overflow 'handle SIGSEGV SIGBUS nostop noprint pass' run
# A stack that ends where the loader starts, whose registers hold anything.
printf '#include <stdlib.h>\n__attribute__((constructor)) static void early(void) { free(malloc(100)); }\n' >library.c
$CC -w -shared -fPIC -o libearly.so library.c
echo 'int main(void) { return 0; }' >early.c
$CC -w -o early early.c -Wl,--no-as-needed -L. -learly -Wl,-rpath,"$PWD"
SAMPLES=$PWD debug early run
# Threads that have ended, whose stacks are gone, more mappings than a first table of them holds, and a block that the program has protected.
cat >many.c <<'END'
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
enum { THREADS = 600 };
static pthread_barrier_t all;
static void *run(void *argument) { pthread_barrier_wait(&all); return argument; }
static void *block;
int main(void)
{
    static pthread_t threads[THREADS];
    pthread_barrier_init(&all, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, run, NULL);
    pthread_barrier_wait(&all);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    char *pages = mmap(NULL, 3000 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 3000; i += 2)
        mprotect(pages + i * 4096, 4096, PROT_READ);
    block = aligned_alloc(4096, 4096);
    mprotect(block, 4096, PROT_NONE);
    return 0;
}
END
$CC -O0 -w -o many many.c -pthread
SAMPLES=$PWD debug many 'handle SIG63 nostop noprint pass' run
