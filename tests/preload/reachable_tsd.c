// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: pthread_setspecific() holds the block, in a slot that lies in memory of libc's own.
#include "wipe.h"
#include <pthread.h>

int main(void)
{
    pthread_key_t keys[40];
    for (int i = 0; i < 40; i++)
        pthread_key_create(&keys[i], NULL);
    pthread_setspecific(keys[39], malloc(64));
    wipe_stack();
    say("after");
    return 0;
}
