# SPDX-License-Identifier: MIT
# A library that gives out blocks by functions of its own, as jemalloc does: they are freed by free(), and blocks of
# malloc() by its functions. It is said once; an invalid free is still one.
cat >library.c <<'END'
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
static char *room;
static size_t used;
static unsigned released;
void *mallocx(size_t size, int flags)
{
    if (!room)
        room = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *block = room + used + 16;
    used += (size + 31) / 16 * 16;
    return block;
}
void *malloc(size_t size) { return mallocx(size, 0); }
void *calloc(size_t count, size_t size) { return mallocx(count * size, 0); }
void free(void *memory) { released += memory != 0; }
void *realloc(void *memory, size_t size)
{
    void *moved = mallocx(size, 0);
    return memory ? memcpy(moved, memory, size) : moved;
}
void *rallocx(void *memory, size_t size, int flags) { return realloc(memory, size); }
void dallocx(void *memory, int flags) { released++; }
void sdallocx(void *memory, size_t size, int flags) { released++; }
size_t sallocx(void *memory, int flags) { return 1; }
unsigned counted(void) { return released; }
END
cat >program.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int count, char **arguments)
{
    char *a = mallocx(100, 0), *b = mallocx(100, 0), *c = mallocx(40, 0);
    memset(a, 1, 100);
    a = rallocx(a, 50, 0);
    free(a);
    free(realloc(b, 60));
    dallocx(c, 0);
    unsigned released = counted();
    dallocx(malloc(10), 0);
    char *own = malloc(50);
    sdallocx(own, 50, 0);
    own = rallocx(malloc(20), 200, 6);
    memset(own, 1, 200);
    size_t size = sallocx(own, 0);
    free(own);
    if (count > 1)
        free(arguments);
    fprintf(stderr, "%u %d %zu %lu\n", released, counted() == released, size, (long)own % 64);
    return 0;
}
END
sed -i '1i void *mallocx(unsigned long, int), *rallocx(void *, unsigned long, int); void dallocx(void *, int), sdallocx(void *, unsigned long, int); unsigned long sallocx(void *, int); unsigned counted(void);' program.c
$CC -w -fno-builtin -shared -fPIC -o libother.so library.c
$CC -g -w -fno-builtin -o program program.c -L. -lother -Wl,-rpath,"$PWD"
export MMGUARD_OPTIONS=leak_check=0
LD_PRELOAD=$BUILD/libguard.so ./program 2>&1 | grep -v '^ '
LD_PRELOAD=$BUILD/libguard.so ./program wrong 2>&1 | grep -E 'invalid-free in|free called'
