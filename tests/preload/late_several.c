// SPDX-License-Identifier: MIT
// options: revoke=batch\:64
// flags: -pthread
// compact: no, a window of revocations is the subject
// Reported: five blocks that were written to while they waited to be revoked, three by the main thread and two by one that has ended, each once.
#include "wipe.h"
#include <pthread.h>

static void churn(int count)
{
    for (int i = 0; i < count; i++)
        free(malloc(24));
}

static char *first(void) { return malloc(16); }
static char *second(void) { return malloc(32); }
static char *third(void) { return malloc(48); }
static char *fourth(void) { return malloc(64); }
static char *fifth(void) { return malloc(80); }

static void *damage_and_end(void *unused)
{
    char *blocks[] = {fourth(), fifth()};
    for (int i = 0; i < 2; i++) {
        free(blocks[i]);
        blocks[i][i] = 1;
    }
    return unused;
}

/* Of as many as a window holds none is lost either. */
static void damage_a_window(void)
{
    static char *many[64];
    for (int i = 0; i < 64; i++)
        many[i] = malloc(100);
    for (int i = 0; i < 64; i++)
        free(many[i]);
    for (int i = 0; i < 63; i++)
        many[i][i] = 1;
}

int main(void)
{
    char *blocks[] = {first(), second(), third()};
    for (int i = 0; i < 3; i++) {
        free(blocks[i]);
        blocks[i][i] = 1;
    }
    churn(64);
    pthread_t thread;
    pthread_create(&thread, NULL, damage_and_end, NULL);
    pthread_join(thread, NULL);
    churn(64);
    damage_a_window();
    churn(200);
    return 0;
}
