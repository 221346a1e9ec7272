/* SPDX-License-Identifier: MIT */
#include "query/callpath.h"
#include "query/fingerprint.h"
#include "query/leaktree.h"
#include "query/totals.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

SUITE("report tree", NULL, NULL);

/* Modules: 1 the program, 2 libguard, 3 libc, 4 libstdc++. */
static void make_profile(struct profile *profile)
{
    static const struct {
        const char *path;
        uint32_t flags;
    } modules[] = {{"/bin/demo", MMT_MODULE_MAIN},
                   {"/lib/libguard.so", MMT_MODULE_GUARD},
                   {"/lib/libc.so.6", 0},
                   {"/lib/libstdc++.so.6", 0}};
    profile_init(profile);
    *VEC_PUSH(&profile->processes) = (struct process){0};
    for (int i = 0; i < 4; i++) {
        struct module module = {.path = strpool_put(&profile->strings, modules[i].path, 100),
                                .flags = modules[i].flags};
        profile_module(profile, &module);
    }
}

static uint32_t make_frame(struct profile *profile, uint32_t module, const char *function,
                           uint32_t line)
{
    uint64_t address = function != NULL ? idmap_mix_bytes(line, function, strlen(function)) : line;
    uint32_t id = profile_frame(profile, module, address, false);
    struct frame *frame = &profile->frames.items[id];
    if (frame->symbols == 0 && function != NULL) {
        frame->first_symbol = (uint32_t)profile->symbols.count;
        frame->symbols = 1;
        *VEC_PUSH(&profile->symbols) = (struct symbol){
            .function = strpool_put(&profile->strings, function, strlen(function)),
            .file = strpool_put(&profile->strings, "demo.c", 6),
            .line = line,
        };
    }
    return id;
}

static void make_leak(struct profile *profile, uint32_t stack, uint32_t kind, uint64_t bytes)
{
    *VEC_PUSH(&profile->leaks) =
        (struct leak){.record = {.stack = stack, .kind = kind, .blocks = 1, .bytes = bytes}};
}

/* A stack of functions of the program, given from the outside in, with start-up and allocator
 * frames around it. */
static uint32_t make_stack(struct profile *profile, const char *const *functions)
{
    uint32_t stack = profile_stack(profile, 0, make_frame(profile, 1, "_start", 1), false);
    stack = profile_stack(profile, stack, make_frame(profile, 3, "__libc_start_main", 2), false);
    stack = profile_stack(profile, stack, make_frame(profile, 3, NULL, 0x2724a), false);
    for (; *functions != NULL; functions++)
        stack = profile_stack(profile, stack, make_frame(profile, 1, *functions, 10), false);
    stack = profile_stack(
        profile, stack, make_frame(profile, 1, "std::__new_allocator<int>::allocate()", 8), false);
    stack = profile_stack(profile, stack, make_frame(profile, 4, "operator new(unsigned long)", 3),
                          false);
    return profile_stack(profile, stack, make_frame(profile, 2, "malloc", 4), false);
}

#define STACK(profile, ...) make_stack(profile, (const char *const[]){__VA_ARGS__, NULL})

static uint32_t child_named(const struct leaktree *tree, uint32_t parent, const char *function)
{
    uint32_t id = tree->nodes.items[parent].first_child;
    while (id != 0 && (leaktree_label(tree, id)->function == NULL ||
                       strcmp(leaktree_label(tree, id)->function, function) != 0))
        id = tree->nodes.items[id].next_sibling;
    CU_ASSERT_NOT_EQUAL(id, 0);
    return id;
}

static uint32_t children(const struct leaktree *tree, uint32_t parent)
{
    uint32_t count = 0;
    for (uint32_t id = tree->nodes.items[parent].first_child; id != 0;
         id = tree->nodes.items[id].next_sibling)
        count++;
    return count;
}

static void check_sums(const struct leaktree *tree)
{
    for (uint32_t i = 0; i < tree->nodes.count; i++) {
        const struct leaktree_node *node = &tree->nodes.items[i];
        uint64_t bytes = node->self_bytes, blocks = node->self_blocks, last = UINT64_MAX;
        for (uint32_t id = node->first_child; id != 0; id = tree->nodes.items[id].next_sibling) {
            const struct leaktree_node *child = &tree->nodes.items[id];
            bytes += child->bytes;
            blocks += child->blocks;
            CU_ASSERT_EQUAL(child->parent, i);
            CU_ASSERT_TRUE(child->bytes <= last);
            last = child->bytes;
        }
        CU_ASSERT_EQUAL(bytes, node->bytes);
        CU_ASSERT_EQUAL(blocks, node->blocks);
    }
}

static void fill(struct profile *profile)
{
    make_profile(profile);
    make_leak(profile, STACK(profile, "main", "parse", "item"), MMT_LEAK_DEFINITE, 600);
    make_leak(profile, STACK(profile, "main", "parse", "name"), MMT_LEAK_INDIRECT, 250);
    make_leak(profile, STACK(profile, "main", "parse"), MMT_LEAK_DEFINITE, 50);
    make_leak(profile, STACK(profile, "main", "log"), MMT_LEAK_DEFINITE, 100);
    make_leak(profile, STACK(profile, "main", "cache"), MMT_LEAK_REACHABLE, 100000);
}

TEST(test_tree_sums_and_origin, "tree sums and origin")
{
    struct profile profile;
    struct leaktree tree;
    fill(&profile);
    leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = LEAKTREE_COUNTED});
    check_sums(&tree);
    const struct leaktree_node *nodes = tree.nodes.items;
    CU_ASSERT_EQUAL(nodes[0].bytes, 1000);
    CU_ASSERT_EQUAL(nodes[0].blocks, 4);
    CU_ASSERT_EQUAL(children(&tree, 0), 1);
    uint32_t main_node = child_named(&tree, 0, "main");
    uint32_t parse = child_named(&tree, main_node, "parse");
    CU_ASSERT_EQUAL(children(&tree, main_node), 2);
    CU_ASSERT_EQUAL(nodes[parse].bytes, 900);
    CU_ASSERT_EQUAL(nodes[parse].self_bytes, 50);
    CU_ASSERT_EQUAL(nodes[parse].first_child, child_named(&tree, parse, "item"));
    CU_ASSERT_EQUAL(leaktree_origin(&tree), parse);
    CU_ASSERT_DOUBLE_EQUAL(leaktree_share(nodes[parse].bytes, nodes[0].bytes), 0.9, 1e-9);
    leaktree_free(&tree);
    leaktree_build(&tree, &profile,
                   &(struct leaktree_options){.kinds = (1u << MMT_LEAK_KINDS) - 1});
    CU_ASSERT_EQUAL(tree.nodes.items[0].bytes, 101000);
    check_sums(&tree);
    leaktree_free(&tree);
    profile_free(&profile);
}

TEST(test_origin_edges, "origin edges")
{
    struct profile profile;
    struct leaktree tree;
    const struct leaktree_options options = {.kinds = LEAKTREE_COUNTED};
    make_profile(&profile);
    leaktree_build(&tree, &profile, &options);
    CU_ASSERT_EQUAL(leaktree_origin(&tree), 0);
    leaktree_free(&tree);
    make_leak(&profile, STACK(&profile, "a"), MMT_LEAK_DEFINITE, 79);
    make_leak(&profile, STACK(&profile, "b"), MMT_LEAK_DEFINITE, 21);
    leaktree_build(&tree, &profile, &options);
    CU_ASSERT_EQUAL(leaktree_origin(&tree), 0);
    leaktree_free(&tree);
    /* 80 of 100 is enough, and exactly that. */
    profile.leaks.items[0].record.bytes = 80;
    profile.leaks.items[1].record.bytes = 20;
    leaktree_build(&tree, &profile, &options);
    CU_ASSERT_EQUAL(leaktree_origin(&tree), child_named(&tree, 0, "a"));
    leaktree_free(&tree);
    /* Sums that do not fit saturate. */
    profile.leaks.items[0].record.bytes = UINT64_MAX;
    leaktree_build(&tree, &profile, &options);
    CU_ASSERT_EQUAL(tree.nodes.items[0].bytes, UINT64_MAX);
    CU_ASSERT_EQUAL(leaktree_origin(&tree), child_named(&tree, 0, "a"));
    leaktree_free(&tree);
    profile_free(&profile);
}

TEST(test_all_frames_and_invert, "all frames and invert")
{
    struct profile profile;
    struct leaktree tree;
    fill(&profile);
    leaktree_build(&tree, &profile,
                   &(struct leaktree_options){.kinds = LEAKTREE_COUNTED, .all_frames = true});
    check_sums(&tree);
    CU_ASSERT_EQUAL(tree.nodes.items[0].first_child, child_named(&tree, 0, "_start"));
    leaktree_free(&tree);
    leaktree_build(&tree, &profile,
                   &(struct leaktree_options){.kinds = LEAKTREE_COUNTED, .invert = true});
    check_sums(&tree);
    CU_ASSERT_EQUAL(children(&tree, 0), 4);
    uint32_t item = child_named(&tree, 0, "item");
    CU_ASSERT_EQUAL(tree.nodes.items[0].first_child, item);
    child_named(&tree, child_named(&tree, item, "parse"), "main");
    leaktree_free(&tree);
    profile_free(&profile);
}

TEST(test_same_size_is_sorted_by_name, "same size is sorted by name")
{
    struct profile profile;
    struct leaktree tree;
    make_profile(&profile);
    make_leak(&profile, STACK(&profile, "zebra"), MMT_LEAK_DEFINITE, 10);
    make_leak(&profile, STACK(&profile, "ant"), MMT_LEAK_DEFINITE, 10);
    make_leak(&profile, STACK(&profile, "mole"), MMT_LEAK_DEFINITE, 10);
    leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = LEAKTREE_COUNTED});
    static const char *const names[] = {"ant", "mole", "zebra"};
    uint32_t id = tree.nodes.items[0].first_child;
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_STRING_EQUAL(leaktree_label(&tree, id)->function, names[i]);
        id = tree.nodes.items[id].next_sibling;
    }
    leaktree_free(&tree);
    profile_free(&profile);
}

TEST(test_paths_of_odd_stacks, "paths of odd stacks")
{
    struct profile profile;
    struct callpath path = {0};
    make_profile(&profile);
    callpath_expand(&path, &profile, 0, false);
    CU_ASSERT_EQUAL(path.entries.count, 0);
    /* Nothing but frames to hide: something stays. */
    uint32_t start = profile_stack(&profile, 0, make_frame(&profile, 1, "_start", 1), false);
    callpath_expand(&path, &profile, start, false);
    CU_ASSERT_EQUAL(path.entries.count, 1);
    /* Cut off by the depth limit: frames of start-up cannot be told, and a mark stands for the
     * rest. */
    uint32_t cut = profile_stack(&profile, 0, make_frame(&profile, 1, "deep", 1), true);
    callpath_expand(&path, &profile, cut, false);
    CU_ASSERT_EQUAL(path.entries.count, 2);
    CU_ASSERT_EQUAL(path.entries.items[1].frame, 0);
    /* Deeper than any stack libguard records. */
    uint32_t deep = 0;
    for (uint32_t i = 0; i < 5000; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%u", i);
        deep = profile_stack(&profile, deep, make_frame(&profile, 1, name, 1), false);
    }
    callpath_expand(&path, &profile, deep, false);
    CU_ASSERT_EQUAL(path.entries.count, CALLPATH_LONGEST + 2);
    CU_ASSERT_EQUAL(path.entries.items[CALLPATH_LONGEST + 1].frame, 0);
    callpath_free(&path);
    profile_free(&profile);
}

/* A stripped program and a C library without debug information: only what libc exports has a name.
 */
TEST(test_start_of_a_stripped_program, "start of a stripped program")
{
    struct profile profile;
    struct callpath path = {0};
    make_profile(&profile);
    static const char *const exported[] = {"__libc_start_main", "__libc_start_main_impl",
                                           "__libc_start_main@@GLIBC_2.34"};
    for (int i = 0; i < 3; i++) {
        uint32_t stack = profile_stack(&profile, 0, make_frame(&profile, 1, NULL, 0x10a1), false);
        stack = profile_stack(&profile, stack, make_frame(&profile, 3, exported[i], 2), false);
        stack = profile_stack(&profile, stack, make_frame(&profile, 3, NULL, 0x2724a), false);
        stack = profile_stack(&profile, stack, make_frame(&profile, 1, NULL, 0x1189), false);
        uint32_t callback = make_frame(&profile, 3, NULL, 0x3c000);
        uint32_t sorting = profile_stack(&profile, stack, callback, false);
        sorting = profile_stack(&profile, sorting, make_frame(&profile, 1, NULL, 0x1200), false);
        callpath_expand(&path, &profile, stack, false);
        CU_ASSERT_EQUAL(path.entries.count, 1);
        callpath_expand(&path, &profile, sorting, false);
        CU_ASSERT_EQUAL(path.entries.count, 3);
        callpath_expand(&path, &profile, sorting, true);
        CU_ASSERT_EQUAL(path.entries.count, 6);
    }
    uint32_t thread = profile_stack(&profile, 0, make_frame(&profile, 3, NULL, 0xff000), false);
    thread = profile_stack(&profile, thread, make_frame(&profile, 3, NULL, 0x89000), false);
    thread = profile_stack(&profile, thread, make_frame(&profile, 1, NULL, 0x1300), false);
    callpath_expand(&path, &profile, thread, false);
    CU_ASSERT_EQUAL(path.entries.count, 1);
    callpath_free(&path);
    profile_free(&profile);
}

/* libguard's qsort() between main() and a comparison: seen by nobody but who asks for all frames.
 */
TEST(test_guard_between, "guard between")
{
    struct profile profile;
    struct callpath path = {0};
    struct textbuf text[2] = {{{0}}, {{0}}};
    make_profile(&profile);
    for (int with = 0; with < 2; with++) {
        uint32_t stack = profile_stack(&profile, 0, make_frame(&profile, 1, "main", 1), false);
        if (with)
            stack = profile_stack(&profile, stack, make_frame(&profile, 2, "qsort", 2), false);
        stack = profile_stack(&profile, stack, make_frame(&profile, 3, "msort", 3), false);
        stack = profile_stack(&profile, stack, make_frame(&profile, 1, "compare", 4), false);
        callpath_expand(&path, &profile, stack, false);
        CU_ASSERT_EQUAL(path.entries.count, 3);
        callpath_expand(&path, &profile, stack, true);
        CU_ASSERT_EQUAL(path.entries.count, 3 + (size_t)with);
        fingerprint_put(&text[with], &profile, "definite", stack);
        make_leak(&profile, stack, MMT_LEAK_DEFINITE, 10);
    }
    CU_ASSERT_STRING_EQUAL(textbuf_text(&text[0]), textbuf_text(&text[1]));
    struct leaktree tree;
    leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = LEAKTREE_COUNTED});
    uint32_t main_node = child_named(&tree, 0, "main");
    CU_ASSERT_EQUAL(children(&tree, main_node), 1);
    CU_ASSERT_EQUAL(tree.nodes.items[child_named(&tree, main_node, "msort")].bytes, 20);
    leaktree_free(&tree);
    /* What is libguard's alone is shown. */
    uint32_t own = profile_stack(&profile, 0, make_frame(&profile, 2, "start", 5), false);
    callpath_expand(&path, &profile, own, false);
    CU_ASSERT_EQUAL(path.entries.count, 1);
    textbuf_free(&text[0]);
    textbuf_free(&text[1]);
    callpath_free(&path);
    profile_free(&profile);
}

TEST(test_totals, "totals")
{
    struct profile profile;
    struct totals totals;
    fill(&profile);
    profile.processes.items[0].has_leak_check = true;
    profile.processes.items[0].leak_check.status = MMT_LEAK_DONE;
    totals_sum(&totals, &profile, TOTALS_ALL);
    CU_ASSERT_EQUAL(totals.searched, 1);
    CU_ASSERT_FALSE(totals.incomplete);
    CU_ASSERT_EQUAL(totals_leak_bytes(&totals, LEAKTREE_COUNTED), 1000);
    CU_ASSERT_EQUAL(totals_leak_blocks(&totals, 1u << MMT_LEAK_REACHABLE), 1);
    profile.processes.items[0].leak_check.status = MMT_LEAK_FAILED;
    totals_sum(&totals, &profile, TOTALS_ALL);
    CU_ASSERT_EQUAL(totals.searched, 0);
    CU_ASSERT_TRUE(totals.incomplete);
    profile.processes.items[0].leak_check.status = MMT_LEAK_NOT_RUN;
    *VEC_PUSH(&profile.notes) = (struct note){.severity = MMT_NOTE_INCOMPLETE, .text = ""};
    totals_sum(&totals, &profile, 0);
    CU_ASSERT_TRUE(totals.incomplete);
    profile_free(&profile);
}
