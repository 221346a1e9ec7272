# SPDX-License-Identifier: MIT
# What a program loses before it becomes an unguarded one is reported, and that nothing is known of the other.
cat >loser.c <<'END'
#include <stdlib.h>
#include <unistd.h>
static void *volatile last;
int main(void)
{
    last = malloc(77);
    last = calloc(1, 1);
    free(last);
    last = NULL;
    unsetenv("LD_PRELOAD");
    execl("/bin/true", "true", NULL);
    return 1;
}
END
gcc -w -O0 -g -o loser loser.c && mmguard ./loser
