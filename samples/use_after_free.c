/* SPDX-License-Identifier: MIT
 *
 * Bug: a job's priority is looked up after the job has been given back.
 * mmguard: a use after free (read) of 4 bytes in finish, at offset 8 of a 24-byte block that submit allocated and retire
 * freed.
 */
#include <stdio.h>
#include <stdlib.h>

struct job {
    const char *name;
    int priority;
    long cost;
};

static volatile int urgent;

__attribute__((noinline)) struct job *submit(const char *name, int priority)
{
    struct job *job = malloc(sizeof(*job));
    if (!job)
        exit(1);
    *job = (struct job){name, priority, 1};
    return job;
}

__attribute__((noinline)) void retire(struct job *job)
{
    printf("%s is done\n", job->name);
    free(job);
}

__attribute__((noinline)) void finish(struct job *job)
{
    retire(job);
    if (job->priority > 10) /* should be before retire(job) */
        urgent = 0;
}

int main(void)
{
    finish(submit("backup", 1));
    return 0;
}
