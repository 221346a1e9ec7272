/* SPDX-License-Identifier: MIT
 *
 * The corpus of the fuzzer, as it is and in a few thousand variants: every one is shown or refused
 * with a reason.
 */
#include "load/load.h"
#include "query/changes.h"
#include "query/leaktree.h"
#include "query/totals.h"
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

SUITE("report fuzz", NULL, NULL);

#define VARIANTS 150

static uint64_t chance_state = 1;

static uint64_t chance(uint64_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (chance_state >> 33) % below;
}

/* Returns whether the bytes were taken for a trace. */
static bool show(const uint8_t *data, size_t size)
{
    struct profile profile;
    struct failure failure = {0};
    profile_init(&profile);
    bool good = load_bytes(&profile, "variant", data, size, false, &failure);
    CU_ASSERT_EQUAL(good, failure.text == NULL);
    if (good) {
        struct leaktree tree;
        struct changes changes;
        struct totals totals;
        leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = LEAKTREE_ALL_KINDS});
        totals_sum(&totals, &profile, TOTALS_ALL);
        CU_ASSERT_EQUAL(tree.nodes.items[0].bytes, totals_leak_bytes(&totals, LEAKTREE_ALL_KINDS));
        changes_find(&changes, &profile, LEAKTREE_ALL_KINDS, 1, NULL);
        changes_free(&changes);
        leaktree_free(&tree);
    } else {
        CU_ASSERT_EQUAL(profile.processes.count + profile.findings.count + profile.leaks.count +
                            profile.sites.count + profile.notes.count,
                        0);
    }
    failure_free(&failure);
    profile_free(&profile);
    return good;
}

static void vary(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    for (int i = 0; i < VARIANTS && copy != NULL; i++) {
        size_t length = chance(4) == 0 ? (size_t)chance(size) : size;
        memcpy(copy, data, size);
        for (uint64_t times = chance(5); times != 0; times--) {
            static const uint32_t numbers[] = {0, 1, 255, 0x7fffffff, 0xffffffff};
            size_t at = (size_t)chance(size - 4) & ~(size_t)3;
            memcpy(copy + at, &numbers[chance(5)], 4);
        }
        show(copy, length);
    }
    free(copy);
}

TEST(test_corpus, "corpus")
{
    const char *folder = "tests/traces";
    size_t traces = 0;
    DIR *directory = opendir(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        static uint8_t data[1 << 16];
        char path[300];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = entry->d_name[0] != '.' ? fopen(path, "rb") : NULL;
        if (file != NULL) {
            size_t size = fread(data, 1, sizeof data, file);
            bool trace = strstr(entry->d_name, MMT_SUFFIX) != NULL;
            fclose(file);
            CU_ASSERT_EQUAL(show(data, size), trace);
            traces += trace;
            vary(data, size);
        }
    }
    closedir(directory);
    CU_ASSERT_TRUE(traces >= 5);
}
