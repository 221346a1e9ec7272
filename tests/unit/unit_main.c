/* SPDX-License-Identifier: MIT
 *
 * Runs every unit test. UNIT_SUITES lists the suites: the build passes X(name) for each file
 * name_test.c, which defines `void name_suite(void)` that registers its tests.
 */
#include <CUnit/Basic.h>

#include <locale.h>
#include <stdio.h>

#define X(name) void name##_suite(void);
UNIT_SUITES
#undef X

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    if (CU_initialize_registry() != CUE_SUCCESS) {
        fprintf(stderr, "unit tests: %s\n", CU_get_error_msg());
        return 1;
    }
#define X(name) name##_suite();
    UNIT_SUITES
#undef X
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_ErrorCode error = CU_get_error();
    if (error == CUE_SUCCESS) {
        error = CU_basic_run_tests();
    }
    /* A suite whose set-up failed has run none of its tests. */
    unsigned failures = CU_get_number_of_failures() + CU_get_number_of_suites_failed();
    unsigned run = CU_get_number_of_tests_run();
    CU_cleanup_registry();
    return error != CUE_SUCCESS || failures != 0 || run == 0;
}
