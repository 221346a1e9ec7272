/* SPDX-License-Identifier: MIT
 *
 * Runs the unit tests that the files of this folder have made known (unit.h).
 *
 *     unit-tests [-v] [-i] [-l] [PATTERN...]
 *
 * -v names each test as it runs, -i ends at the first test that fails, -l lists the tests and runs
 * none. A PATTERN is a shell pattern for `suite/title`, or the name of a file or of a test's
 * function. The exit status is 0 if tests ran and all passed, 1 if not, 2 for wrong arguments.
 */
#include "unit.h"

#include <fnmatch.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const struct unit_suite __start_unit_suites[], __stop_unit_suites[];
extern const struct unit_test __start_unit_tests[], __stop_unit_tests[];

static bool verbose, immediate;

static int by_place(const void *left, const void *right)
{
    const struct unit_test *a = *(const struct unit_test *const *)left;
    const struct unit_test *b = *(const struct unit_test *const *)right;
    int order = strcmp(a->file, b->file);
    return order != 0 ? order : a->line - b->line;
}

static const struct unit_suite *suite_of(const struct unit_test *test)
{
    for (const struct unit_suite *suite = __start_unit_suites; suite < __stop_unit_suites; suite++)
        if (strcmp(suite->file, test->file) == 0)
            return suite;
    fprintf(stderr, "unit tests: %s has no SUITE\n", test->file);
    exit(2);
}

static bool matches(const struct unit_test *test, const struct unit_suite *suite,
                    const char *pattern)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", suite->title, test->title);
    const char *file = strrchr(test->file, '/');
    return fnmatch(pattern, path, 0) == 0 || fnmatch(pattern, test->name, 0) == 0 ||
           fnmatch(pattern, file ? file + 1 : test->file, 0) == 0;
}

static void started(const CU_pTest test, const CU_pSuite suite)
{
    if (verbose) {
        printf("%s/%s ... ", suite->pName, test->pName);
        fflush(stdout);
    }
}

static void ended(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
    if (verbose)
        puts(failure ? "FAILED" : "passed");
    else if (failure)
        printf("FAILED: %s/%s\n", suite->pName, test->pName);
    for (CU_pFailureRecord each = failure; each; each = each->pNext)
        printf("    %s:%u: %s\n", each->strFileName ? each->strFileName : "", each->uiLineNumber,
               each->strCondition ? each->strCondition : "");
    fflush(stdout);
    if (failure && immediate)
        exit(1);
}

static void not_begun(const CU_pSuite suite)
{
    printf("FAILED: %s: what comes before the suite's first test\n", suite->pName);
}

static void all_ended(const CU_pFailureRecord failure)
{
    (void)failure;
    CU_print_run_results(stdout);
}

/* One suite for each file with a test that is asked for. */
static void add(const struct unit_test *const *tests, size_t count, char *const *patterns)
{
    CU_pSuite into = NULL;
    const char *file = "";
    for (size_t i = 0; i < count; i++) {
        const struct unit_suite *suite = suite_of(tests[i]);
        bool wanted = patterns[0] == NULL;
        for (char *const *pattern = patterns; *pattern && !wanted; pattern++)
            wanted = matches(tests[i], suite, *pattern);
        if (!wanted)
            continue;
        if (strcmp(file, tests[i]->file) != 0)
            into = CU_add_suite(suite->title, suite->begin, suite->end);
        file = tests[i]->file;
        CU_add_test(into, tests[i]->title, tests[i]->run);
    }
}

static void list(void)
{
    for (CU_pSuite suite = CU_get_registry()->pSuite; suite; suite = suite->pNext)
        for (CU_pTest test = suite->pTest; test; test = test->pNext)
            printf("%s/%s\n", suite->pName, test->pName);
}

int main(int argc, char **argv)
{
    bool list_only = false;
    for (int option; (option = getopt(argc, argv, "vil")) != -1;) {
        switch (option) {
        case 'v':
            verbose = true;
            break;
        case 'i':
            immediate = true;
            break;
        case 'l':
            list_only = true;
            break;
        default:
            return 2;
        }
    }
    setlocale(LC_CTYPE, "C.UTF-8");
    size_t count = (size_t)(__stop_unit_tests - __start_unit_tests);
    const struct unit_test **tests = calloc(count + 1, sizeof(*tests));
    if (!tests || CU_initialize_registry() != CUE_SUCCESS) {
        fprintf(stderr, "unit tests: %s\n", CU_get_error_msg());
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        tests[i] = &__start_unit_tests[i];
    qsort(tests, count, sizeof(*tests), by_place);
    add(tests, count, argv + optind);
    free(tests);
    if (list_only) {
        list();
        return 0;
    }
    CU_set_test_start_handler(started);
    CU_set_test_complete_handler(ended);
    CU_set_suite_init_failure_handler(not_begun);
    CU_set_all_test_complete_handler(all_ended);
    CU_ErrorCode error = CU_get_error();
    if (error == CUE_SUCCESS)
        error = CU_run_all_tests();
    /* A suite whose set-up failed has run none of its tests. */
    unsigned failures = CU_get_number_of_failures() + CU_get_number_of_suites_failed();
    unsigned run = CU_get_number_of_tests_run();
    if (run == 0)
        fprintf(stderr, "unit tests: no test ran\n");
    CU_cleanup_registry();
    return error != CUE_SUCCESS || failures != 0 || run == 0;
}
