# SPDX-License-Identifier: MIT
# Definite leak of 303 bytes, which only the thread-local storage of a thread held that has ended, in a library that was loaded
# at run time. What such storage of live threads holds is reachable.
cat >storage.c <<'C'
#include <stdlib.h>
#include <string.h>

static __thread struct {
    _Alignas(128) char before[5000];
    void *block;
} storage;

void keep(size_t size)
{
    memset(storage.before, 1, sizeof(storage.before));
    storage.block = malloc(size);
}
C
cat >main.c <<'C'
#include "wipe.h"
#include <dlfcn.h>
#include <pthread.h>

static void (*keep)(size_t size);
static int ready[2], never[2];

static void *lives(void *unused)
{
    char byte = 1;
    keep(301);
    wipe_stack();
    write(ready[1], &byte, 1);
    read(never[0], &byte, 1);
    return NULL;
}

static void *ends(void *unused)
{
    keep(303);
    return NULL;
}

int main(void)
{
    char byte;
    pthread_t thread;
    void *library = dlopen("./libstorage.so", RTLD_NOW);
    REQUIRE(library && pipe(ready) == 0 && pipe(never) == 0);
    keep = (void (*)(size_t))dlsym(library, "keep");
    keep(302);
    pthread_create(&thread, NULL, lives, NULL);
    read(ready[0], &byte, 1);
    pthread_create(&thread, NULL, ends, NULL);
    pthread_join(thread, NULL);
    wipe_stack();
    return 0;
}
C
$CC -O0 -g -w -shared -fPIC -o libstorage.so storage.c || exit 77
$CC -O0 -g -w -I"$(dirname "$BASH_SOURCE")/../preload" -o main main.c -pthread -ldl || exit 77
for options in guard=all guard=1000000; do
    MMGUARD_OPTIONS=$options mmguard --color=never ./main 2>&1 | grep -E 'definitely|ends at|keep at'
done
