/* SPDX-License-Identifier: MIT
 *
 * A correct program that uses every part of the heap: small, large and aligned blocks, reallocation, a second thread, a forked child. Whatever fails in
 * libguard, it must print the same and exit with 0.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *kept[64];

static void churn(unsigned seed)
{
    for (int i = 0; i < 400; i++) {
        unsigned slot = (seed + i * 7) % 32;
        char *old = kept[slot + (seed & 32)];
        size_t size = (size_t)(i * 97) % 6000 + (i % 50 == 0) * 300000 + (i % 133 == 0) * 3000000;
        char *block = i % 3 ? malloc(size + 1) : realloc(NULL, size + 1);
        if (!block)
            abort();
        memset(block, (int)slot, size + 1);
        if (old && old[0] != (char)slot)
            abort();
        free(old);
        kept[slot + (seed & 32)] = block;
    }
    for (int i = 0; i < 32; i++) {
        free(kept[i + (seed & 32)]);
        kept[i + (seed & 32)] = NULL;
    }
}

static void *thread(void *unused)
{
    churn(32);
    return unused;
}

int main(void)
{
    pthread_t other;
    if (pthread_create(&other, NULL, thread, NULL))
        return 1;
    churn(0);
    pthread_join(other, NULL);
    char *zero = calloc(1000, 3);
    for (int i = 0; i < 3000; i++)
        if (!zero || zero[i])
            abort();
    if (!(zero = realloc(zero, 500000)))
        abort();
    memset(zero, 1, 500000);
    void *aligned = NULL;
    if (posix_memalign(&aligned, 65536, 100) || (unsigned long)aligned % 65536)
        abort();
    free(aligned);
    free(zero);
    fflush(stdout);
    pid_t child = fork();
    if (!child) { /* which limits its memory, to much more than it needs */
        struct rlimit limit = {1UL << 30, RLIM_INFINITY};
        setrlimit(RLIMIT_DATA, &limit);
        setrlimit(RLIMIT_AS, &limit);
        churn(0);
        _exit(7);
    }
    int status = 0;
    waitpid(child, &status, 0);
    churn(0);
    printf("child %d, done\n", WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
    return 0;
}
