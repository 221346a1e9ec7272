/* SPDX-License-Identifier: MIT
 *
 * How a unit test makes itself known: SUITE once in a file, TEST for each test. The linker gathers
 * them; nothing else lists them. Tests run in the order of the files' names and of the lines.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <CUnit/CUnit.h>

struct unit_suite {
    const char *file, *title;
    /* Run before the suite's first test and after its last; NULL: nothing. 0 is success. */
    CU_InitializeFunc begin;
    CU_CleanupFunc end;
};

struct unit_test {
    const char *file, *name, *title;
    int line;
    CU_TestFunc run;
};

/* The alignment keeps compilers from padding a section as they do a large array. */
#define SUITE(title, begin, end)                                                                   \
    static const struct unit_suite unit_suite_row                                                  \
        __attribute__((section("unit_suites"), used, aligned(8))) = {__FILE__, title, begin, end}

#define TEST(name, title)                                                                          \
    static void name(void);                                                                        \
    static const struct unit_test name##_row                                                       \
        __attribute__((section("unit_tests"), used, aligned(8))) = {__FILE__, #name, title,        \
                                                                    __LINE__, name};               \
    static void name(void)

#endif
