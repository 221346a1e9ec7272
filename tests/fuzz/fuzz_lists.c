/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any text as each of the lists that people write: suppressions (of a file, of a
 * program), a baseline, a policy; and what was read is used.
 */
#include "fuzz.h"

#include "cli/verdict.h"
#include "load/baseline_file.h"
#include "load/load.h"
#include "load/suppressions.h"
#include "query/suppress.h"
#include "util/glob.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The bytes as a file that is read by its name. */
static const char *file_of(const uint8_t *data, size_t size)
{
    static char path[32];
    static int descriptor = -1;
    if (descriptor < 0) {
        descriptor = memfd_create("list", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    }
    return ftruncate(descriptor, (off_t)size) == 0 &&
                   pwrite(descriptor, data, size, 0) == (ssize_t)size
               ? path
               : "";
}

/* Applies rules to the leaks of a trace. */
static void apply(struct suppressions *rules)
{
    static uint8_t trace[8192];
    static size_t size;
    struct profile profile;
    struct failure failure = {0};
    FILE *file = size == 0 ? fopen("tests/traces/leak_tree_cc.mmg", "rb") : NULL;
    if (file != NULL) {
        size = fread(trace, 1, sizeof trace, file);
        fclose(file);
    }
    profile_init(&profile);
    if (load_bytes(&profile, "trace", trace, size, false, &failure)) {
        struct suppress_result result = suppress_apply(rules, &profile, NULL, 1700000000);
        for (size_t i = 0; i < rules->rules.count; i++) {
            suppress_fault(rules, &rules->rules.items[i], &result);
        }
    }
    failure_free(&failure);
    profile_free(&profile);
}

int fuzz_lists(const uint8_t *data, size_t size)
{
    struct suppressions rules = {0};
    struct baseline baseline = {0};
    struct gate_policy policy;
    struct textbuf kept = {0};
    struct failure failure = {0};
    if (size > 4096) {
        return 0;
    }
    if (suppressions_parse(&rules, "list", (const char *)data, size, &failure)) {
        apply(&rules);
    }
    failure_free(&failure);
    suppressions_free(&rules);
    suppressions_of_program(&kept, (const char *)data, size);
    textbuf_free(&kept);

    const char *path = file_of(data, size);
    if (baseline_read(&baseline, path, &failure)) {
        baseline_find(&baseline, 1);
    }
    failure_free(&failure);
    baseline_free(&baseline);
    gate_policy_init(&policy);
    verdict_policy(&policy, path);
    gate_policy_free(&policy);
    return 0;
}
