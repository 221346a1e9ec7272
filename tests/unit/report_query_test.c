/* SPDX-License-Identifier: MIT
 *
 * Paths of labels, rankings, and what changed between two runs.
 */
#include "load/load.h"
#include "query/changes.h"
#include "query/fingerprint.h"
#include "query/ranking.h"
#include "trace_builder.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

SUITE("report query", NULL, NULL);

static const char *text(struct profile *profile, const char *bytes)
{
    return strpool_put(&profile->strings, bytes, strlen(bytes));
}

static void begin(struct profile *profile, uint32_t processes)
{
    profile_init(profile);
    for (uint32_t i = 0; i < processes; i++) {
        *VEC_PUSH(&profile->processes) =
            (struct process){.pid = i + 1, .executable = text(profile, "/bin/demo")};
    }
    profile_module(profile, &(struct module){.path = text(profile, "/bin/demo")});
}

/* A frame of a function "NAME" or "NAME:LINE" of NAME's file. */
static uint32_t frame(struct profile *profile, const char *name, uint32_t line)
{
    uint64_t address = idmap_mix_bytes(line, name, strlen(name));
    uint32_t id = profile_frame(profile, 1, address, true);
    struct frame *one = &profile->frames.items[id];
    if (one->symbols == 0) {
        char file[32];
        snprintf(file, sizeof file, "/src/x/%c.c", name[0]);
        one->first_symbol = (uint32_t)profile->symbols.count;
        one->symbols = 1;
        *VEC_PUSH(&profile->symbols) = (struct symbol){
            .function = text(profile, name), .file = text(profile, file), .line = line};
    }
    return id;
}

/* A leak of process `owner`; every letter of `path` is a function, the outermost first, called at
 * line `line`. */
static void leak(struct profile *profile, uint32_t owner, const char *path, uint32_t line,
                 uint64_t bytes)
{
    uint32_t stack = 0;
    for (; *path != '\0'; path++) {
        char name[] = {*path, '\0'};
        stack = profile_stack(profile, stack, frame(profile, name, line), false);
    }
    *VEC_PUSH(&profile->leaks) =
        (struct leak){.process = owner, .record = {.stack = stack, .blocks = 1, .bytes = bytes}};
}

/* The node at a path of one-letter functions, which must be there. */
static uint32_t node(const struct leaktree *tree, const char *path)
{
    uint32_t at = 0;
    for (; *path != '\0'; path++) {
        uint32_t child = tree->nodes.items[at].first_child;
        while (child != 0 && leaktree_label(tree, child)->function[0] != *path)
            child = tree->nodes.items[child].next_sibling;
        CU_ASSERT_NOT_EQUAL(child, 0);
        at = child;
    }
    return at;
}

TEST(test_recursion_is_folded, "recursion is folded")
{
    struct profile profile;
    struct leaktree tree;
    struct ranking ranking;
    begin(&profile, 1);
    leak(&profile, 0, "abcbd", 1, 100);
    leak(&profile, 0, "abbbbd", 2, 10);
    leak(&profile, 0, "abd", 3, 1);
    struct leaktree_options options = {.kinds = LEAKTREE_COUNTED};
    leaktree_build(&tree, &profile, &options);
    CU_ASSERT_EQUAL(tree.nodes.count, 4);
    CU_ASSERT_EQUAL(tree.nodes.items[node(&tree, "abd")].bytes, 111);
    ranking_of_tree(&ranking, &tree, true);
    CU_ASSERT_EQUAL(ranking.rows.count, 1);
    CU_ASSERT_EQUAL(ranking.rows.items[0].self_bytes, 111);
    ranking_free(&ranking);
    leaktree_free(&tree);
    /* Not folded, a function's bytes still count once for each stack. */
    options.all_calls = true;
    leaktree_build(&tree, &profile, &options);
    CU_ASSERT_EQUAL(tree.nodes.items[node(&tree, "abcbd")].bytes, 100);
    ranking_of_tree(&ranking, &tree, false);
    for (size_t i = 0; i < ranking.rows.count; i++) {
        const char *name = tree.paths.labels.items[ranking.rows.items[i].label].function;
        CU_ASSERT_EQUAL(ranking.rows.items[i].bytes, name[0] == 'c' ? 100 : 111);
    }
    ranking_free(&ranking);
    leaktree_free(&tree);
    profile_free(&profile);
}

TEST(test_callers_and_callees, "callers and callees")
{
    struct profile profile;
    struct leaktree tree;
    struct ranking ranking;
    begin(&profile, 1);
    leak(&profile, 0, "axd", 1, 5);
    leak(&profile, 0, "bxd", 1, 70);
    leak(&profile, 0, "xe", 1, 3);
    leak(&profile, 0, "ae", 1, 1000);
    leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = LEAKTREE_COUNTED});
    unsigned char *marked = xalloc_zeroed(tree.nodes.count, 1);
    for (uint32_t i = 1; i < tree.nodes.count; i++)
        marked[i] = leaktree_label(&tree, i)->function[0] == 'x';
    ranking_callers(&ranking, &tree, marked);
    CU_ASSERT_EQUAL(ranking.rows.count, 3);
    CU_ASSERT_EQUAL(ranking.rows.items[0].bytes, 70);
    CU_ASSERT_EQUAL(ranking.rows.items[2].label, 0);
    ranking_free(&ranking);
    ranking_callees(&ranking, &tree, marked);
    CU_ASSERT_EQUAL(ranking.rows.count, 2);
    CU_ASSERT_EQUAL(ranking.rows.items[0].bytes, 75);
    CU_ASSERT_EQUAL(ranking.rows.items[1].bytes, 3);
    ranking_free(&ranking);
    free(marked);
    leaktree_free(&tree);
    profile_free(&profile);
}

TEST(test_filters_and_groups, "filters and groups")
{
    struct profile profile;
    struct leaktree tree;
    struct pathfilter filter = {0};
    struct failure failure = {0};
    begin(&profile, 2);
    leak(&profile, 0, "abc", 1, 100);
    leak(&profile, 1, "abd", 1, 20);
    leak(&profile, 1, "ax", 1, 3);
    CU_ASSERT_TRUE(pathfilter_set(&filter, PATHFILTER_HIDE, "^b$", &failure));
    CU_ASSERT_TRUE(pathfilter_set(&filter, PATHFILTER_IGNORE, "x\\.c", &failure));
    CU_ASSERT_FALSE(pathfilter_set(&filter, PATHFILTER_FOCUS, "[", &failure));
    failure_free(&failure);
    struct leaktree_options options = {.kinds = LEAKTREE_COUNTED, .filter = &filter};
    leaktree_build(&tree, &profile, &options);
    CU_ASSERT_EQUAL(tree.nodes.items[0].bytes, 120);
    CU_ASSERT_EQUAL(tree.left_out_bytes, 3);
    CU_ASSERT_EQUAL(tree.nodes.items[node(&tree, "ac")].bytes, 100);
    leaktree_free(&tree);
    options.filter = NULL;
    options.group = PATHS_PROCESS;
    leaktree_build(&tree, &profile, &options);
    uint32_t first = tree.nodes.items[0].first_child;
    CU_ASSERT_STRING_EQUAL(leaktree_label(&tree, first)->name, "demo (pid 1)");
    CU_ASSERT_EQUAL(tree.nodes.items[first].bytes, 100);
    CU_ASSERT_EQUAL(tree.nodes.items[tree.nodes.items[first].next_sibling].bytes, 23);
    leaktree_free(&tree);
    pathfilter_free(&filter);
    profile_free(&profile);
}

/* The lines of the second run are others: an edit above the function. */
TEST(test_changes, "changes")
{
    struct profile profile;
    struct changes changes;
    struct leaktree tree;
    static const enum changes_status expected[] = {CHANGES_NEW, CHANGES_GROWN, CHANGES_SHRUNK,
                                                   CHANGES_GONE, CHANGES_SAME};
    begin(&profile, 2);
    leak(&profile, 0, "mgs", 10, 10);
    leak(&profile, 0, "mhs", 10, 50);
    leak(&profile, 0, "mk", 10, 7);
    leak(&profile, 0, "mz", 10, 8);
    leak(&profile, 1, "mgs", 20, 15);
    leak(&profile, 1, "mhs", 20, 20);
    leak(&profile, 1, "mn", 20, 9);
    leak(&profile, 1, "mz", 20, 8);
    changes_find(&changes, &profile, LEAKTREE_COUNTED, 1, NULL);
    CU_ASSERT_EQUAL_FATAL(changes.items.count, 5);
    for (size_t i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(changes_status(&changes.items.items[i]), expected[i]);
    CU_ASSERT_STRING_EQUAL(changes.items.items[0].text, "definite|n|demo|x/n.c|m|demo|x/m.c");
    CU_ASSERT_EQUAL(changes.items.items[0].hash, fingerprint_hash(changes.items.items[0].text));
    changes_free(&changes);
    leaktree_build(&tree, &profile,
                   &(struct leaktree_options){.kinds = LEAKTREE_COUNTED, .split = 1});
    uint32_t h = node(&tree, "mh");
    CU_ASSERT_EQUAL(tree.before[h].bytes, 50);
    CU_ASSERT_EQUAL(tree.nodes.items[h].bytes, 20);
    CU_ASSERT_EQUAL(tree.before[0].changed_bytes, 5 + 30 + 9 + 7);
    CU_ASSERT_EQUAL(
        leaktree_label(&tree, tree.nodes.items[node(&tree, "m")].first_child)->function[0], 'h');
    leaktree_free(&tree);
    profile_free(&profile);
}

/* Two libraries, one after the other at the same address: the module of the frame decides. */
TEST(test_reused_address, "reused address")
{
    struct trace_builder builder;
    struct profile profile;
    struct leaktree tree;
    struct failure failure = {0};
    builder_init(&builder);
    builder_process(&builder, 1, "/bin/demo", "/");
    builder_module(&builder, 1, MMT_MODULE_MAIN, 0, "/bin/demo", "1", 1);
    builder_module(&builder, 2, MMT_MODULE_UNLOADED, 0x10000, "/lib/one.so", "2", 1);
    builder_module(&builder, 3, MMT_MODULE_UNLOADED, 0x10000, "/lib/two.so", "3", 1);
    uint32_t caller = builder_frame(&builder, 0, 1, 0x500);
    uint32_t one = builder_frame(&builder, caller, 2, 0x10100);
    uint32_t two = builder_frame(&builder, caller, 3, 0x10100);
    const struct mmt_leak leaks[] = {{.stack = one, .blocks = 1, .bytes = 10},
                                     {.stack = two, .blocks = 1, .bytes = 20}};
    builder_leak_check(&builder, MMT_LEAK_DONE);
    builder_leaks(&builder, leaks, 2);
    builder_end(&builder);
    profile_init(&profile);
    CU_ASSERT_TRUE_FATAL(load_bytes(&profile, "F", builder.data, builder.size, false, &failure));
    for (int group = PATHS_FUNCTION; group <= PATHS_MODULE; group++) {
        leaktree_build(&tree, &profile,
                       &(struct leaktree_options){.kinds = LEAKTREE_COUNTED,
                                                  .group = (enum paths_group)group});
        uint32_t first = tree.nodes.items[tree.nodes.items[0].first_child].first_child;
        CU_ASSERT_STRING_EQUAL(leaktree_label(&tree, first)->path, "/lib/two.so");
        CU_ASSERT_EQUAL(tree.nodes.items[first].bytes, 20);
        CU_ASSERT_EQUAL(tree.nodes.items[tree.nodes.items[first].next_sibling].bytes, 10);
        leaktree_free(&tree);
    }
    builder_free(&builder);
    profile_free(&profile);
}
