// SPDX-License-Identifier: MIT
// Nothing is reported.
#include "wipe.h"
#include <sys/wait.h>

int main(void)
{
    char *block = malloc(10);
    for (int i = 0; i < 5; i++) {
        pid_t child = vfork();
        if (child == 0) {
            execl("/bin/true", "true", (char *)NULL);
            _exit(1);
        }
        int status;
        REQUIRE(waitpid(child, &status, 0) == child && status == 0);
        free(malloc(100));
    }
    free(block);
    say("after");
    return 0;
}
