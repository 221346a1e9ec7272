/* SPDX-License-Identifier: MIT
 *
 * The corpora of the fuzz targets, each file with all its beginnings: every target comes to an end.
 * Under `make fuzz` and with VARIANT=sanitize the sanitizers watch as well.
 */
#include "fuzz.h"
#include "query/pathfilter.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

SUITE("report corpora", NULL, NULL);

/* Beginnings that are tried of a long file. */
#define BEGINNINGS 400

/* Returns the number of files. */
static size_t replay(int target(const uint8_t *, size_t), const char *folder)
{
    static uint8_t data[1 << 16];
    size_t files = 0;
    DIR *directory = opendir(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = entry->d_name[0] != '.' ? fopen(path, "rb") : NULL;
        if (file == NULL)
            continue;
        size_t size = fread(data, 1, sizeof data, file);
        fclose(file);
        files++;
        for (size_t length = 0; length < size; length += 1 + size / BEGINNINGS)
            CU_ASSERT_EQUAL(target(data, length), 0);
        CU_ASSERT_EQUAL(target(data, size), 0);
    }
    closedir(directory);
    return files;
}

/* The parsers complain on standard error. */
TEST(test_corpora, "corpora")
{
    int kept = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const char *options = getenv("MMGUARD_OPTIONS");
    char *old = options != NULL ? strdup(options) : NULL;
    dup2(nowhere, STDERR_FILENO);
    size_t launcher = replay(fuzz_launcher, "tests/fuzz/corpus/launcher");
    size_t lists = replay(fuzz_lists, "tests/fuzz/corpus/lists");
    size_t others = replay(fuzz_options, "tests/traces") + replay(fuzz_load, "tests/traces");
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(nowhere);
    old != NULL ? setenv("MMGUARD_OPTIONS", old, 1) : unsetenv("MMGUARD_OPTIONS");
    free(old);
    CU_ASSERT_TRUE(launcher >= 3 && lists >= 6 && others >= 12);
}

/* Bounds in bounds: the C library would try to make room for a billion copies. */
TEST(test_repeats, "repeats")
{
    struct pathfilter filter = {0};
    struct failure failure = {0};
    static const char *const dear[] = {
        "((a{1000}){1000}){1000}", "a{1000}{1000}",  "b++++++++++++++++++++++++++++++++",
        "([^]{1]{9}){9000}{9}",    "x?++++++++++++", "a{2000}"};
    static const char *const good[] = {"a{2,3}b{4,}", "a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t+",
                                       "^[^]{99999999]+(x|y\\+)+$", "[[:alpha:]]{3}", ""};
    for (size_t i = 0; i < sizeof dear / sizeof *dear; i++) {
        CU_ASSERT_FALSE(pathfilter_set(&filter, PATHFILTER_FOCUS, dear[i], &failure));
        CU_ASSERT_PTR_NOT_NULL(failure.text);
        failure_free(&failure);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CU_ASSERT_TRUE(pathfilter_set(&filter, PATHFILTER_FOCUS, good[i], &failure));
    pathfilter_free(&filter);
}
