# SPDX-License-Identifier: MIT
# A library's resolver of an indirect function runs before libguard is relocated, and calls functions of libc that are checked.
cat >resolver.c <<'C'
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int answer(void)
{
    return 42;
}

static int works(void)
{
    char text[64], number[32];
#ifdef STATIC_BLOCKS
    static char block[100], copy[] = "copied", *grown = block, *aligned = block;
#else
    char *block = malloc(100), *grown = realloc(calloc(2, 10), 200), *copy = strdup("copied");
    void *aligned = memalign(256, 10);
#endif
    int file = open("/proc/self/stat", O_RDONLY);
    int good = block && grown && copy && aligned && read(file, number, sizeof(number)) > 0;
    close(file);
    strcpy(text, "one two");
    strcat(text, " three");
    good = good && strlen(text) == 13 && strnlen(text, 3) == 3 && memchr(text, 't', 13) == text + 4;
    good = good && strstr(text, "three") == text + 8 && !strcmp(copy, "copied") && strchr(text, 0) == text + 13;
    memset(block, 'x', 99);
    memcpy(block, text, 14);
    memmove(block + 1, block, 14);
    good = good && !memcmp(block, "oone", 4);
#ifndef STATIC_BLOCKS
    free(copy);
    free(grown);
    free(aligned);
    kept = block;
#endif
    return good;
}

static int (*resolve(void))(void)
{
    return works() ? answer : NULL;
}

int question(void) __attribute__((ifunc("resolve")));
C
sed -i '1i static char *kept; void *memalign(unsigned long, unsigned long);' resolver.c
cat >>resolver.c <<'C'

void give_back(void)
{
    if (!kept)
        return;
    kept = realloc(kept, 300);
    if (strncmp(kept, "oone two", 8))
        _exit(3);
    free(kept);
}
C
echo 'int question(void); int (*pointer)(void) = question; int ask(void) { return pointer(); }' >asks.c
echo 'int ask(void); void give_back(void); int main(void) { give_back(); return ask() == 42 ? 0 : 1; }' >main.c
# The resolver runs when the library that points to its function is relocated, as all libraries are before preloaded ones.
path=-Wl,-rpath,$PWD
build_resolver() {
    $CC -O0 -g -fno-builtin -w -shared -fPIC "$@" -o libresolver.so resolver.c
}
build_resolver || exit 77
$CC -w -shared -fPIC -o libasks.so asks.c -L. -lresolver "$path" || exit 77
$CC -w -o main main.c -L. -lasks -lresolver "$path" || exit 77
# From glibc 2.43 on, malloc itself cannot be called so early.
sh -c './main; exit $?' 2>crash || build_resolver -DSTATIC_BLOCKS || exit 77
./main && mmguard ./main && echo good
"$(readelf -l main | sed -n 's/.*interpreter: \(.*\)].*/\1/p')" --preload "$BUILD/libguard.so" ./main && echo good
