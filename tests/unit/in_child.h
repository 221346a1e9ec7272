/* SPDX-License-Identifier: MIT
 *
 * For tests of what a process can have only one of: each runs in a child of its own.
 */
#ifndef TESTS_UNIT_IN_CHILD_H
#define TESTS_UNIT_IN_CHILD_H

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define IN_CHILD_SKIPPED 77

/* In the child, instead of CUnit's assertions: ends it where the condition does not hold. */
#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("\n%s:%d: %s\n", __FILE__, __LINE__, #condition);                               \
            fflush(stdout);                                                                        \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

/* What the child returns, or what its REQUIRE ended it with; -1 if it was killed. */
static inline int in_child(int (*test)(const void *argument), const void *argument)
{
    int status = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(test(argument));
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void assert_in_child(int (*test)(const void *argument), const void *argument)
{
    int result = in_child(test, argument);
    CU_ASSERT(result == 0 || result == IN_CHILD_SKIPPED);
}

#endif
