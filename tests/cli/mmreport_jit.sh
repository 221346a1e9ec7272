# SPDX-License-Identifier: MIT
# Code that a program makes at run time: its frames are walked through, and named from the map the program writes for profilers.
[[ $(uname -m) == x86_64 ]] || { echo "code of this test is x86-64's" >&2; exit 77; }
cat >jit.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    /* push rbp; mov rbp,rsp; mov rax, malloc; mov edi, 100; call rax; pop rbp; ret */
    unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xbf, 100, 0, 0, 0, 0xff, 0xd0, 0x5d, 0xc3};
    void *(*function)(size_t) = malloc;
    memcpy(code + 6, &function, 8);
    unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(page + 64, code, sizeof code);
    char name[64];
    snprintf(name, sizeof name, "/tmp/perf-%d.map", (int)getpid());
    FILE *map = fopen(name, "w");
    fprintf(map, "%lx %lx LazyCompile:*leakIt /app/main.js:7\n", (unsigned long)(page + 64), (unsigned long)sizeof code);
    fclose(map);

    for (int i = 0; i < 3; i++) {
        volatile void *p = ((void *(*)(void))(page + 64))();
        *(volatile char *)p = 1;
    }
    return 0;
}
END
cc -g -O1 -o jit jit.c
mkdir traces
mmguard -q --error-exitcode=0 -o traces ./jit
trap 'rm -f /tmp/perf-"$(ls traces | sed "s/.*-//; s/[.].*//")".map' EXIT
mmreport tree --no-fold traces | tail -n 2
mmreport tree --invert --json traces | grep -c '"function":"LazyCompile:\*leakIt /app/main.js:7"'
mmreport merge -o merged.mmg traces
mmreport tree --no-fold merged.mmg | tail -n 1
