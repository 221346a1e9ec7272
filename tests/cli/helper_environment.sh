# SPDX-License-Identifier: MIT
# The helper gets the environment of the program's start, not what was written over it since.
cat >planted.c <<'END'
#include <unistd.h>
__attribute__((constructor)) static void planted(void)
{
    write(2, "planted\n", 8);
}
END
cat >title.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **arguments)
{
    extern char **environ;
    char text[300];
    snprintf(text, sizeof(text), "LD_PRELOAD=%s/planted.so", getcwd((char[200]){0}, 200));
    for (int i = 0; environ[i]; i++)
        if (strlen(environ[i]) >= strlen(text))
            strcpy(environ[i], text);
        else
            memset(environ[i], 'x', strlen(environ[i]));
    volatile char *block = malloc(16);
    block[16] = 1;
    return 0;
}
END
$CC -g -w -shared -fPIC -o planted.so planted.c
$CC -g -w -o title title.c
for n in 1 2 3; do export "LONG$n=$(printf '%300s' $n)"; done
MMGUARD_OPTIONS=leak_check=0 LD_PRELOAD=$BUILD/libguard.so ./title 2>&1 | grep -E 'planted|main at'
