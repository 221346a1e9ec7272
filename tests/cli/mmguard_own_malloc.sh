# SPDX-License-Identifier: MIT
# An allocator in front of ours (in the program, or in a library that is preloaded before us) is named, and nothing passes; one that hands
# the work on to the next is none.
cat >own.c <<'END'
#include <stddef.h>
#include <string.h>
static char arena[1 << 22] __attribute__((aligned(16)));
static size_t top;
void *malloc(size_t size)
{
    char *block = arena + top;
    top += (size + 31) & ~(size_t)15;
    *(size_t *)block = size;
    return block + 16;
}
void free(void *block)
{
}
void *calloc(size_t count, size_t size)
{
    return memset(malloc(count * size), 0, count * size);
}
void *realloc(void *old, size_t size)
{
    void *block = malloc(size);
    size_t before = old ? ((size_t *)old)[-2] : 0;
    return memcpy(block, old ? old : block, before < size ? before : size);
}
END
cat >use.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char *text = malloc(10);
    puts(strcpy(text, "used"));
    free(text);
    return 0;
}
END
cat >wrap.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
static int calls;
void *malloc(size_t size)
{
    calls++;
    return ((void *(*)(size_t))dlsym(RTLD_NEXT, "malloc"))(size);
}
void free(void *block)
{
    calls++;
    ((void (*)(void *))dlsym(RTLD_NEXT, "free"))(block);
}
END
cat >zero.c <<'END'
#include <stdlib.h>
#include <string.h>
void *calloc(size_t count, size_t size)
{
    return memset(malloc(count * size), 0, count * size);
}
END
# Whoever asks for `free` gets an address in the program, where its own call of it is.
cat >address.c <<'END'
#include <stdlib.h>
void (*volatile release)(void *) = free;
void *(*volatile zeroed)(size_t, size_t) = calloc;
int main(int count, char **arguments)
{
    void (*directly)(void *) = count > 1 ? NULL : free;
    directly(malloc(10));
    release(zeroed(1, 1));
    return 0;
}
END
gcc -w -fno-builtin -o own own.c use.c && gcc -w -fno-builtin -rdynamic -o exported own.c use.c &&
    gcc -w -fno-builtin -shared -fPIC -o libown.so own.c && gcc -w -o use use.c &&
    gcc -w -rdynamic -o wrap wrap.c use.c && gcc -w -fno-builtin -o zero zero.c use.c &&
    gcc -w -fno-builtin -fno-pic -no-pie -o address address.c || exit 1
touch nothing.txt
try() {
    echo "== $*"
    mmguard -q --gate=nothing.txt "$@" 2>&1 | sed "s|$PWD/||g; s|; suppressed: .*||"
    echo "status ${PIPESTATUS[0]}"
}
try ./own
try ./exported
try ./wrap
try ./zero
try ./address
try env LD_PRELOAD="$PWD/libown.so:$BUILD/libguard.so" ./use | grep -v ^==
mkdir traces
mmguard -q -o traces ./own >/dev/null 2>&1
mmreport gate traces 2>&1 | sed "s|$PWD/||g"
