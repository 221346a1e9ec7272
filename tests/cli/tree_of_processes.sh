# SPDX-License-Identifier: MIT
# A shell script runs twelve processes, of which three leak, one of them in a forked child too: each is reported once, what a child inherits is not its leak, and
# the option `follow` chooses among programs.
cat >loser.c <<'END'
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static void *volatile last;
static void __attribute__((noinline)) lose(size_t size)
{
    last = malloc(size);
    last = malloc(1);
    free(last);
    last = NULL;
}
int main(int count, char **arguments)
{
    if (count > 1)
        lose(strtoul(arguments[1], NULL, 10));
    if (count > 2 && fork() == 0) {
        lose(strtoul(arguments[2], NULL, 10));
        return 0;
    }
    while (wait(NULL) > 0)
        continue;
    return 0;
}
END
gcc -w -O0 -g -o loser loser.c || exit 1
cp loser quiet
cp loser other
cat >script <<'END'
./quiet; ./quiet | ./quiet; (./quiet); ./quiet & wait; ./quiet
./loser 100 || :
./loser 20 3 || :
./other 4000 || :
./quiet; ./quiet; exec ./quiet
END
for follow in '' 'loser' '!o*,sh' 'nothing' 'l*r,other'; do
    mkdir traces
    mmguard --follow="$follow" -o traces sh script >/dev/null 2>&1
    echo "follow '$follow': status $?"
    mmreport summary traces/*.mmg | awk '/^[a-z]+ .pid/ { name = $1 } /^all/ { name = "all" } /definitely/ && $3 != 0 { if (!/ 0 bytes/) print name, $0 }' | sort
    rm -r traces
done
