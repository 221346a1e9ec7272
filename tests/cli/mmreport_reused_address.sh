# SPDX-License-Identifier: MIT
# Two libraries are loaded in turn at one address: what each allocated is named by its own functions.
for library in first second; do
    cat >$library.c <<END
#include <stdlib.h>
__attribute__((noinline)) static void *${library}_allocate(size_t size)
{
    char *memory = malloc(size);
    memory[0] = 1;
    return memory;
}
void *work(size_t size)
{
    char *memory = ${library}_allocate(size);
    memory[0] = 2;
    return memory;
}
END
    cc -g -O1 -shared -fPIC -o lib$library.so $library.c
done
cat >main.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
static void *load(const char *path, size_t size)
{
    void *library = dlopen(path, RTLD_NOW);
    void *(*work)(size_t) = (void *(*)(size_t))dlsym(library, "work");
    work(size);
    dlclose(library);
    return (void *)work;
}
int main(void)
{
    int same = 0;
    for (int i = 0; i < 3; i++) {
        void *first = load("./libfirst.so", 100), *second = load("./libsecond.so", 7);
        same += first == second;
    }
    printf("%d times at the same address\n", same);
    return 0;
}
END
cc -g -O1 -o main main.c -ldl
mkdir traces
mmguard -q --error-exitcode=0 -o traces ./main
mmreport top --group-by=function traces | sed -E 's/ +[0-9.]+s +[0-9.]+s  /  /; /^first/d'
mmreport tree traces | sed -n '/call path/,$p'
