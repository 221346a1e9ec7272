/* SPDX-License-Identifier: MIT */
#include "load/load.h"
#include "model/catalog.h"
#include "query/leaktree.h"
#include "render/findingwords.h"
#include "render/json_output.h"
#include "render/text_finding.h"
#include "render/text_node.h"
#include "render/text_summary.h"
#include "render/text_tree.h"
#include "trace_builder.h"
#include "unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

SUITE("report render", NULL, NULL);

/* Output of one renderer. */
struct capture {
    char *text;
    size_t size;
    struct style style;
};

static void capture_begin(struct capture *capture)
{
    *capture = (struct capture){0};
    FILE *out = open_memstream(&capture->text, &capture->size);
    style_init(&capture->style, out, STYLE_COLOR_NEVER);
    capture->style.utf8 = false;
}

static void capture_expect(struct capture *capture, const char *expected)
{
    fclose(capture->style.out);
    if (strcmp(capture->text, expected) != 0)
        printf("\n    expected:\n%s\n    got:\n%s\n", expected, capture->text);
    CU_ASSERT_STRING_EQUAL(capture->text, expected);
    free(capture->text);
}

static void load_sample(struct profile *profile)
{
    struct trace_builder builder;
    struct failure failure = {0};
    builder_sample(&builder);
    profile_init(profile);
    CU_ASSERT_TRUE_FATAL(load_bytes(profile, "F", builder.data, builder.size, false, &failure));
    builder_free(&builder);
}

static uint32_t late; /* another flag of the findings that follow */

static void expect_words(uint32_t kind, uint64_t start, uint64_t size, bool freed,
                         const char *expected)
{
    struct textbuf text = {0};
    struct finding finding = {
        .record = {.kind = kind,
                   .flags = late | MMT_FINDING_BLOCK | (freed ? MMT_FINDING_FREED : 0),
                   .direction = MMT_DIRECTION_READ,
                   .address = start,
                   .size = size,
                   .block_start = 0x100,
                   .block_size = 20,
                   .block_alignment = 16,
                   .function = MMT_FUNCTION_FREE,
                   .alloc_function = MMT_FUNCTION_NEW_ARRAY,
                   .free_function = MMT_FUNCTION_REALLOC},
        .access_start = start,
        .access_size = size,
        .call = "",
        .where = "",
    };
    findingwords_put(&text, &finding);
    CU_ASSERT_STRING_EQUAL(textbuf_text(&text), expected);
    if (strcmp(textbuf_text(&text), expected) != 0)
        printf("\n    expected \"%s\"\n    got      \"%s\"\n", expected, textbuf_text(&text));
    textbuf_free(&text);
}

TEST(test_positions, "positions")
{
    const uint32_t over = MMT_ERROR_HEAP_OVERFLOW_READ, after = MMT_ERROR_USE_AFTER_FREE_READ;
    expect_words(over, 0x114, 1, false,
                 "1-byte read at 0x114, right after a 20-byte block at 0x100");
    expect_words(over, 0x115, 4, false,
                 "4-byte read at 0x115, 1 byte past the end of a 20-byte block at 0x100");
    expect_words(over, 0x116, 0, false,
                 "read at 0x116, 2 bytes past the end of a 20-byte block at 0x100");
    expect_words(over, 0x110, 8, false,
                 "8-byte read at 0x110 that crosses the end of a 20-byte block at 0x100, "
                 "first bad byte at offset 20");
    expect_words(over, 0xf8, 8, false,
                 "8-byte read at 0xf8, 8 bytes before a 20-byte block at 0x100");
    expect_words(over, 0xfc, 8, false,
                 "8-byte read at 0xfc that crosses the start of a 20-byte block at 0x100, "
                 "beginning 4 bytes before it");
    expect_words(after, 0x108, 8, true,
                 "8-byte read at 0x108, 8 bytes inside a 20-byte block at 0x100 that was freed");
    expect_words(after, 0x110, 8, true,
                 "8-byte read at 0x110, 16 bytes inside a 20-byte block at 0x100 that was freed");
    expect_words(over, UINT64_MAX, UINT64_MAX, false,
                 "-1-byte (a negative size) read at 0xffffffffffffffff, 18446744073709551339 "
                 "bytes past the end of a 20-byte block at 0x100");
}

TEST(test_calls, "calls")
{
    expect_words(MMT_ERROR_DOUBLE_FREE, 0x100, 0, true,
                 "free called on 0x100, a 20-byte block that was already freed by realloc");
    expect_words(MMT_ERROR_INVALID_FREE_INTERIOR, 0x108, 0, false,
                 "free called on 0x108, in the middle, 8 bytes from the start of a 20-byte block "
                 "at 0x100");
    expect_words(MMT_ERROR_ALLOC_DEALLOC_MISMATCH, 0x100, 0, false,
                 "free called on 0x100, a 20-byte block allocated by operator new[]");
    expect_words(MMT_ERROR_SIZED_DELETE_MISMATCH, 0x100, 24, false,
                 "free called on 0x100, a 20-byte block, with a size of 24");
    expect_words(MMT_ERROR_ALIGNED_DELETE_MISMATCH, 0x100, 64, false,
                 "free called on 0x100, a 20-byte block allocated with an alignment of 16, with "
                 "an alignment of 64");
    expect_words(MMT_ERROR_SLACK_DAMAGE, 0x117, 0, false,
                 "damaged byte found at 0x117, 3 bytes past the end of a 20-byte block at 0x100; "
                 "it was overwritten some time before");
    late = MMT_FINDING_LATE;
    expect_words(MMT_ERROR_USE_AFTER_FREE_WRITE, 0x103, 0, true,
                 "damaged byte found at 0x103, 3 bytes inside a 20-byte block at 0x100 that was "
                 "freed; it was overwritten after that");
    late = 0;
    expect_words(MMT_ERROR_ALLOCATION_TOO_LARGE, 0, UINT64_MAX, false,
                 "free called for 18446744073709551615 bytes, which is -1 as a signed number");
}

/* No kind of the table may be left without words. */
TEST(test_every_kind, "every kind")
{
    struct profile profile;
    load_sample(&profile);
    struct finding *finding = &profile.findings.items[0];
    for (uint32_t kind = 0; kind < 32; kind++) {
        struct capture capture;
        finding->record.kind = kind;
        capture_begin(&capture);
        text_finding(&(struct view){.style = capture.style, .profile = &profile}, finding);
        fclose(capture.style.out);
        CU_ASSERT_PTR_NOT_NULL(strstr(capture.text, catalog_error(kind)->slug));
        CU_ASSERT_PTR_NULL(strchr(capture.text, '\033'));
        free(capture.text);
    }
    profile_free(&profile);
}

TEST(test_text_finding, "text finding")
{
    struct profile profile;
    struct capture capture;
    load_sample(&profile);
    capture_begin(&capture);
    text_finding(&(struct view){.style = capture.style, .profile = &profile},
                 &profile.findings.items[0]);
    capture_expect(&capture,
                   "mmguard: use-after-free-read in demo (pid 1234, thread 1 \"demo\")\n"
                   "  8-byte read at 0x5008, 8 bytes inside a 24-byte block at 0x5000 that was "
                   "freed (CWE-416)\n"
                   "  seen 2 times\n"
                   "  at\n"
                   "    #0 demo+0x2000\n"
                   "    #1 demo+0x1000\n"
                   "  allocated by malloc in thread 1 \"demo\" at\n"
                   "    #0 demo+0x2000\n"
                   "    #1 demo+0x1000\n"
                   "  freed by free in thread 2 \"worker\\x1b[2J\" at\n"
                   "    #0 demo+0x2000\n"
                   "    #1 demo+0x1000\n"
                   "  suppress with: use-after-free-read:demo\n");
    profile_free(&profile);
}

static void name_frame(struct profile *profile, uint32_t frame, const char *function, uint32_t line)
{
    profile->frames.items[frame].first_symbol = (uint32_t)profile->symbols.count;
    profile->frames.items[frame].symbols = 1;
    *VEC_PUSH(&profile->symbols) = (struct symbol){
        .function = strpool_put(&profile->strings, function, strlen(function)),
        .file = strpool_put(&profile->strings, "/srv/demo/src/a.c", 17),
        .line = line,
    };
}

TEST(test_text_tree, "text tree")
{
    struct profile profile;
    struct capture capture;
    struct leaktree tree;
    load_sample(&profile);
    name_frame(&profile, 1, "main", 5);
    name_frame(&profile, 2, "fill\n<int>", 7);
    leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = 15});
    capture_begin(&capture);
    struct view view = {.style = capture.style, .tree = &tree, .origin_tree = &tree, .fold = true};
    text_node_origin(&view);
    text_tree(&view);
    view.depth = 1;
    view.style.width = 50;
    text_tree(&view);
    capture_expect(&capture,
                   "likely origin: 95.5 % of the live bytes (150 bytes in 3 blocks) come from\n"
                   "    main at src/a.c:5 (demo)\n"
                   "    > fill\\x0a<...> at src/a.c:7 (demo)\n"
                   " bytes   share  blocks  call path\n"
                   "   157  100.0%       6  all leaks (definite, indirect, possible, reachable)\n"
                   "   157  100.0%       6  `- main at src/a.c:5 (demo)\n"
                   "   150   95.5%       3     |- fill\\x0a<...> at src/a.c:7 (demo)\n"
                   "     7    4.5%       3     `- (allocated here itself)\n"
                   " bytes   share  blocks  call path\n"
                   "   157  100.0%       6  all leaks (definite, in...\n"
                   "   157  100.0%       6  `- main at src/a.c:5\n"
                   "     7    4.5%       3     |- (allocated here i...\n"
                   "   150   95.5%       3     `- (1 function below...\n");
    leaktree_free(&tree);
    profile_free(&profile);
}

/* A chain of functions is one entry; what is below the threshold is one row. */
TEST(test_text_tree_folds, "text tree folds")
{
    struct profile profile;
    struct capture capture;
    struct leaktree tree;
    profile_init(&profile);
    *VEC_PUSH(&profile.processes) = (struct process){.directory = "/"};
    uint32_t main_stack = profile_stack(&profile, 0, profile_frame(&profile, 0, 1, true), false);
    uint32_t deep = main_stack;
    for (uint32_t i = 0; i < 20; i++)
        deep = profile_stack(&profile, deep, profile_frame(&profile, 0, 0x100 + i, true), false);
    *VEC_PUSH(&profile.leaks) =
        (struct leak){.record = {.stack = deep, .blocks = 1, .bytes = 5000}};
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t stack =
            profile_stack(&profile, main_stack, profile_frame(&profile, 0, 0x200 + i, true), false);
        *VEC_PUSH(&profile.leaks) =
            (struct leak){.record = {.stack = stack, .blocks = 1, .bytes = 10}};
    }
    leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = 1});
    capture_begin(&capture);
    text_tree(
        &(struct view){.style = capture.style, .tree = &tree, .fold = true, .min_percent = 10});
    capture_expect(&capture,
                   " bytes   share  blocks  call path\n"
                   " 5,030  100.0%       4  all leaks (definite)\n"
                   " 5,030  100.0%       4  `- 0x1\n"
                   " 5,000   99.4%       1     |- 0x100\n"
                   "                           |  0x101\n"
                   "                           |  0x102\n"
                   "                           |  0x103\n"
                   "                           |  (10 more functions; --no-fold shows them)\n"
                   "                           |  0x10e\n"
                   "                           |  0x10f\n"
                   "                           |  0x110\n"
                   "                           |  0x111\n"
                   "                           |  0x112\n"
                   "                           |  0x113\n"
                   "    30    0.6%       3     `- (3 smaller functions)\n");
    leaktree_free(&tree);
    profile_free(&profile);
}

/* What a renderer wants is added where it is missing, and goes again. */
TEST(test_view_parts, "parts of a view")
{
    struct profile profile;
    struct leaktree tree;
    struct view_parts room;
    load_sample(&profile);
    struct view view = {.profile = &profile, .kinds = LEAKTREE_ALL_KINDS};
    view_complete(&view, 0, &room);
    CU_ASSERT(view.stacks == NULL && view.tree == NULL);
    view_release(&view, &room);
    view_complete(&view, VIEW_STACKS | VIEW_TREE, &room);
    CU_ASSERT_PTR_NOT_NULL_FATAL(view.stacks);
    CU_ASSERT_PTR_NOT_NULL_FATAL(view.tree);
    CU_ASSERT_PTR_EQUAL(view.origin_tree, view.tree);
    CU_ASSERT_EQUAL(view.tree->nodes.items[0].bytes, 157);
    uint64_t bytes = 0;
    for (size_t i = 0; i < view.stacks->items.count; i++)
        bytes += view.stacks->items.items[i].bytes;
    CU_ASSERT_EQUAL(bytes, 157);
    view_release(&view, &room);
    CU_ASSERT(view.stacks == NULL && view.tree == NULL && view.origin_tree == NULL);
    leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = 1});
    view.tree = &tree;
    view_complete(&view, VIEW_TREE, &room);
    CU_ASSERT_PTR_EQUAL(view.tree, &tree);
    view_release(&view, &room);
    CU_ASSERT_PTR_EQUAL(view.tree, &tree);
    leaktree_free(&tree);
    profile_free(&profile);
}

TEST(test_text_summary, "text summary")
{
    struct profile profile;
    struct capture capture;
    load_sample(&profile);
    capture_begin(&capture);
    text_summary(&(struct view){.style = capture.style, .profile = &profile});
    profile.processes.items[0].has_leak_check = false;
    struct totals totals;
    totals_sum(&totals, &profile, TOTALS_ALL);
    text_summary_leaks(&capture.style, &totals);
    capture_expect(&capture, "demo (pid 1234): exited with status 0\n"
                             "  program      /srv/demo/demo\n"
                             "  command      ./demo -x\n"
                             "  backend      guard\n"
                             "  heap         10 allocations, 4 frees, 0 bytes allocated\n"
                             "  live at end  0 bytes in 0 blocks\n"
                             "  own memory   0 bytes\n"
                             "  errors       1 (use-after-free-read 1)\n"
                             "   definitely lost: 100 bytes in 2 blocks\n"
                             "   indirectly lost: 50 bytes in 1 block\n"
                             "     possibly lost: 0 bytes in 0 blocks\n"
                             "   still reachable: 7 bytes in 3 blocks\n"
                             "        suppressed: 0 bytes in 0 blocks\n"
                             "  note: guards ran out\n"
                             "  leaks not searched\n");
    profile_free(&profile);
}

static json_int_t json_sum(const json_t *node, const char *key, const char *self)
{
    json_int_t sum = json_integer_value(json_object_get(node, self));
    size_t i;
    json_t *child;
    json_array_foreach(json_object_get(node, "children"), i, child)
    {
        sum += json_sum(child, key, self);
    }
    sum += json_integer_value(json_object_get(json_object_get(node, "omitted"), key));
    CU_ASSERT_EQUAL(sum, json_integer_value(json_object_get(node, key)));
    return sum;
}

static json_t *json_parse(struct capture *capture, const char *command)
{
    fclose(capture->style.out);
    json_t *object = json_loads(capture->text, JSON_REJECT_DUPLICATES, NULL);
    free(capture->text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(object);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "format")), "mmreport");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(object, "version")), 1);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "command")), command);
    return object;
}

TEST(test_json, "json")
{
    struct profile profile;
    struct capture capture;
    struct leaktree tree;
    load_sample(&profile);
    leaktree_build(&tree, &profile, &(struct leaktree_options){.kinds = 15});
    capture_begin(&capture);
    json_tree(&(struct view){.style = capture.style,
                             .profile = &profile,
                             .tree = &tree,
                             .origin_tree = &tree,
                             .min_percent = 96});
    json_t *object = json_parse(&capture, "tree");
    json_t *root = json_object_get(object, "tree");
    CU_ASSERT_EQUAL(json_sum(root, "bytes", "self_bytes"), 157);
    CU_ASSERT_EQUAL(json_sum(root, "blocks", "self_blocks"), 6);
    json_t *origin = json_object_get(object, "likely_origin");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(origin, "path")), 2);
    json_decref(object);
    leaktree_free(&tree);

    capture_begin(&capture);
    json_errors(&(struct view){.style = capture.style, .profile = &profile});
    object = json_parse(&capture, "errors");
    json_t *finding = json_array_get(json_object_get(object, "findings"), 0);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(finding, "kind")),
                           "use-after-free-read");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(finding, "address")), "0x5008");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(finding, "cwe")), 416);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(finding, "stack")), 2);
    json_decref(object);

    profile.processes.items[0].arguments = "\377\033";
    profile.processes.items[0].counters.frees = UINT64_MAX;
    capture_begin(&capture);
    json_summary(&(struct view){.style = capture.style, .profile = &profile});
    object = json_parse(&capture, "summary");
    json_t *process = json_array_get(json_object_get(object, "processes"), 0);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(process, "command")), "\\xff\\x1b");
    json_decref(object);
    profile_free(&profile);
}
