/* SPDX-License-Identifier: MIT */
#include "load/load.h"
#include "trace_builder.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

SUITE("report load", NULL, NULL);

/* Loads the bytes into a fresh profile. Returns the failure's text, or NULL; to be released with
 * free(). */
static char *load(struct profile *profile, const uint8_t *data, size_t size)
{
    struct failure failure = {0};
    profile_init(profile);
    bool done = load_bytes(profile, "F", data, size, false, &failure);
    CU_ASSERT_EQUAL(done, failure.text == NULL);
    return failure.text;
}

static void expect_failure(struct trace_builder *builder, const char *part)
{
    struct profile profile;
    char *text = load(&profile, builder->data, builder->size);
    CU_ASSERT_PTR_NOT_NULL(text);
    if (text != NULL) {
        CU_ASSERT_EQUAL(strncmp(text, "F: offset 0x", 12), 0);
        if (strstr(text, part) == NULL)
            printf("\n    expected \"%s\" in \"%s\"\n", part, text);
        CU_ASSERT_PTR_NOT_NULL(strstr(text, part));
    }
    free(text);
    profile_free(&profile);
    builder_free(builder);
}

TEST(test_sample, "sample")
{
    struct trace_builder builder;
    struct profile profile;
    builder_sample(&builder);
    char *text = load(&profile, builder.data, builder.size);
    CU_ASSERT_PTR_NULL(text);
    CU_ASSERT_FALSE(profile.incomplete);
    CU_ASSERT_EQUAL(profile.processes.count, 1);
    CU_ASSERT_EQUAL(profile.processes.items[0].pid, 1234);
    CU_ASSERT_STRING_EQUAL(profile.processes.items[0].executable, "/srv/demo/demo");
    CU_ASSERT_STRING_EQUAL(profile.processes.items[0].arguments, "./demo -x");
    CU_ASSERT_STRING_EQUAL(profile.processes.items[0].backend, "guard");
    CU_ASSERT_EQUAL(profile.processes.items[0].counters.allocations, 10);
    CU_ASSERT_TRUE(profile.processes.items[0].has_leak_check);
    CU_ASSERT_EQUAL(profile.modules.count, 3);
    CU_ASSERT_EQUAL(profile.threads.count, 3);
    CU_ASSERT_EQUAL(profile.stacks.count, 4);
    CU_ASSERT_EQUAL(profile.leaks.count, 3);
    CU_ASSERT_EQUAL(profile.notes.count, 1);
    CU_ASSERT_EQUAL(profile.findings.count, 1);
    CU_ASSERT_EQUAL(profile.findings.items[0].access_start, 0x5008);
    CU_ASSERT_EQUAL(profile.findings.items[0].access_size, 8);
    const struct stack *stack = &profile.stacks.items[profile.leaks.items[0].record.stack];
    CU_ASSERT_EQUAL(profile.frames.items[stack->frame].address, 0x1000);
    free(text);
    profile_free(&profile);
    builder_free(&builder);
}

/* A trace of one finding has only the threads that took part in it. */
TEST(test_threads_with_gaps, "threads with gaps")
{
    struct trace_builder builder;
    struct profile profile;
    const struct mmt_finding finding = {
        .kind = MMT_ERROR_DOUBLE_FREE, .thread = 7, .alloc_thread = 3};
    builder_init(&builder);
    builder_process(&builder, 1, "/bin/x", "/");
    builder_thread(&builder, 7, "late");
    builder_finding(&builder, &finding, "", "");
    builder_end(&builder);
    char *text = load(&profile, builder.data, builder.size);
    CU_ASSERT_PTR_NULL(text);
    CU_ASSERT_EQUAL_FATAL(profile.findings.count, 1);
    CU_ASSERT_EQUAL(profile.threads.items[profile.findings.items[0].record.thread].id, 7);
    CU_ASSERT_EQUAL(profile.findings.items[0].record.alloc_thread, 0);
    free(text);
    profile_free(&profile);
    builder_free(&builder);
}

/* Two processes with the same modules at different addresses share them, and their stacks. */
TEST(test_fold_two_processes, "fold two processes")
{
    struct profile profile;
    struct failure failure = {0};
    profile_init(&profile);
    for (uint64_t i = 0; i < 2; i++) {
        struct trace_builder builder;
        builder_init(&builder);
        builder_process(&builder, 1 + (uint32_t)i, "/bin/x", "/");
        builder_module(&builder, 1, 0, 0x10000 * i, "/bin/x", "ID", 2);
        uint32_t outer = builder_frame(&builder, 0, 1, 0x10000 * i + 0x11);
        builder_frame(&builder, outer, 1 | MMT_FRAME_EXACT, 0x10000 * i + 0x22);
        builder_end(&builder);
        CU_ASSERT_TRUE(load_bytes(&profile, "F", builder.data, builder.size, false, &failure));
        builder_free(&builder);
    }
    CU_ASSERT_EQUAL(profile.processes.count, 2);
    CU_ASSERT_EQUAL(profile.modules.count, 2);
    CU_ASSERT_EQUAL(profile.frames.count, 3);
    CU_ASSERT_EQUAL(profile.stacks.count, 3);
    CU_ASSERT_TRUE(profile.frames.items[2].exact);
    profile_free(&profile);
}

TEST(test_records_in_any_order, "records in any order")
{
    struct trace_builder builder;
    struct profile profile;
    const struct mmt_leak leak = {.stack = 2, .thread = 1, .bytes = 5, .blocks = 1};
    builder_init(&builder);
    builder_process(&builder, 1, "/bin/x", "/");
    builder_leaks(&builder, &leak, 1);
    builder.stacks = 1;
    builder_frame(&builder, 1, 1, 0x20);
    builder.stacks = 0;
    builder_frame(&builder, 0, 1, 0x10);
    builder_record(&builder, 4711, "newer", 5);
    builder_thread(&builder, 1, "main");
    builder_module(&builder, 1, 0, 0, "/bin/x", "ID", 2);
    builder_end(&builder);
    char *text = load(&profile, builder.data, builder.size);
    CU_ASSERT_PTR_NULL(text);
    CU_ASSERT_EQUAL(profile.leaks.count, 1);
    uint32_t stack = profile.leaks.items[0].record.stack;
    CU_ASSERT_EQUAL(profile.frames.items[profile.stacks.items[stack].frame].address, 0x20);
    CU_ASSERT_NOT_EQUAL(profile.stacks.items[stack].parent, 0);
    free(text);
    profile_free(&profile);
    builder_free(&builder);
}

/* A copy of exactly `size` bytes, so that a checker sees any access beyond. */
static char *load_exact(struct profile *profile, const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size != 0 ? size : 1);
    memcpy(copy, data, size);
    char *text = load(profile, copy, size);
    free(copy);
    return text;
}

TEST(test_truncated_at_every_byte, "truncated at every byte")
{
    struct trace_builder builder;
    builder_sample(&builder);
    for (size_t size = 0; size < builder.size; size++) {
        struct profile profile;
        char *text = load_exact(&profile, builder.data, size);
        CU_ASSERT_EQUAL(text != NULL, size < 8);
        CU_ASSERT_TRUE(text != NULL || profile.incomplete);
        free(text);
        profile_free(&profile);
    }
    builder_free(&builder);
}

TEST(test_damaged_at_every_byte, "damaged at every byte")
{
    static const uint8_t patterns[] = {0x01, 0x80, 0xff};
    struct trace_builder builder;
    builder_sample(&builder);
    for (size_t i = 0; i < builder.size; i++) {
        for (size_t j = 0; j < sizeof patterns; j++) {
            struct profile profile;
            builder.data[i] ^= patterns[j];
            char *text = load_exact(&profile, builder.data, builder.size);
            CU_ASSERT_TRUE(text == NULL || strncmp(text, "F: offset 0x", 12) == 0);
            free(text);
            profile_free(&profile);
            builder.data[i] ^= patterns[j];
        }
    }
    builder_free(&builder);
}

static void damage_header(size_t offset, uint32_t value, const char *part)
{
    struct trace_builder builder;
    builder_sample(&builder);
    memcpy(builder.data + offset, &value, sizeof value);
    expect_failure(&builder, part);
}

TEST(test_foreign_headers, "foreign headers")
{
    damage_header(offsetof(struct mmt_header, magic), 0, "not a trace");
    damage_header(offsetof(struct mmt_header, version), 3, "version 3");
    damage_header(offsetof(struct mmt_header, header_size), 16, "impossible header size 16");
    damage_header(offsetof(struct mmt_header, header_size), 25, "impossible header size 25");
    damage_header(offsetof(struct mmt_header, byte_order), 0x04030201, "byte order");
    damage_header(offsetof(struct mmt_header, machine), 183, "machine 183");
}

static void begin(struct trace_builder *builder)
{
    builder_init(builder);
    builder_process(builder, 1, "/bin/x", "/");
}

TEST(test_bad_lengths, "bad lengths")
{
    struct trace_builder builder;
    const struct mmt_record huge = {.type = MMT_NOTE, .length = UINT64_MAX - 7};
    begin(&builder);
    builder_record(&builder, MMT_NOTE, "", 0);
    memcpy(builder.data + builder.size - sizeof huge, &huge, sizeof huge);
    expect_failure(&builder, "note record with an impossible length");

    begin(&builder);
    builder_record(&builder, MMT_THREAD, "short", 5);
    builder_end(&builder);
    expect_failure(&builder, "thread record: its fields needs 40 bytes, 5 are left");

    const struct mmt_stacks stacks = {1, UINT32_MAX};
    begin(&builder);
    builder_record(&builder, MMT_STACKS, &stacks, sizeof stacks);
    builder_end(&builder);
    expect_failure(&builder, "stacks record: 4294967295 frames");

    const struct mmt_leaks leaks = {UINT64_C(0x2492492492492493)}; /* times 56 is 8 in 64 bits */
    begin(&builder);
    builder_record(&builder, MMT_LEAKS, &leaks, sizeof leaks);
    builder_end(&builder);
    expect_failure(&builder, "leaks record");

    const struct mmt_note note = {.text = {16, 1}};
    begin(&builder);
    builder_record(&builder, MMT_NOTE, &note, sizeof note);
    builder_end(&builder);
    expect_failure(&builder, "note record: text (1 bytes at 16) is outside the payload");

    begin(&builder);
    builder_end(&builder);
    builder.size += 8;
    builder.data = realloc(builder.data, builder.size);
    memset(builder.data + builder.size - 8, 0, 8);
    expect_failure(&builder, "end record: file of");
}

TEST(test_bad_ids, "bad ids")
{
    struct trace_builder builder;
    begin(&builder);
    builder_frame(&builder, 1, 0, 0x10);
    builder_end(&builder);
    expect_failure(&builder, "frame 1 has parent 1");

    begin(&builder);
    builder_frame(&builder, 0, 3, 0x10);
    builder_end(&builder);
    expect_failure(&builder, "module 3 does not exist");

    begin(&builder);
    builder.stacks = 7;
    builder_frame(&builder, 0, 0, 0x10);
    builder_end(&builder);
    expect_failure(&builder, "id 8 is not one of 1 to 1");

    begin(&builder);
    builder_frame(&builder, 0, 0, 0x10);
    builder_frame(&builder, 0, 0, 0x10);
    builder.stacks = 0;
    builder_frame(&builder, 0, 0, 0x10);
    builder_end(&builder);
    expect_failure(&builder, "a second frame with id 1");

    begin(&builder);
    builder_module(&builder, 2, 0, 0, "/x", "", 0);
    builder_end(&builder);
    expect_failure(&builder, "module record: id 2 is not one of 1 to 1");

    begin(&builder);
    builder_thread(&builder, 1, "a");
    builder_thread(&builder, 1, "b");
    builder_end(&builder);
    expect_failure(&builder, "a second thread with id 1");

    const struct mmt_leak leak = {.stack = 9};
    begin(&builder);
    builder_leaks(&builder, &leak, 1);
    builder_end(&builder);
    expect_failure(&builder, "stack 9 does not exist");

    const struct mmt_leak kind = {.kind = 4};
    begin(&builder);
    builder_leaks(&builder, &kind, 1);
    builder_end(&builder);
    expect_failure(&builder, "unknown kind 4");

    begin(&builder);
    builder_process(&builder, 2, "/x", "/");
    builder_end(&builder);
    expect_failure(&builder, "a second process");

    builder_init(&builder);
    builder_note(&builder, 0, "x");
    builder_end(&builder);
    expect_failure(&builder, "first record must be a process");
}

/* A trace of one process that says what is no leak of it. */
static void put_suppressions(struct trace_builder *builder, const char *bytes, size_t length)
{
    struct {
        struct mmt_suppressions record;
        char bytes[70000];
    } payload = {.record.text = {sizeof payload.record, (uint32_t)length}};
    memcpy(payload.bytes, bytes, length);
    builder_init(builder);
    builder_process(builder, 1, "/x", "/");
    builder_record(builder, MMT_SUPPRESSIONS, &payload, sizeof payload.record + length);
    builder_end(builder);
}

static void expect_suppressions(const char *bytes, size_t length, const char *kept, bool bad)
{
    struct trace_builder builder;
    struct profile profile;
    put_suppressions(&builder, bytes, length);
    char *text = load(&profile, builder.data, builder.size);
    CU_ASSERT_PTR_NULL(text);
    CU_ASSERT_EQUAL_FATAL(profile.processes.count, 1);
    CU_ASSERT_STRING_EQUAL(profile.processes.items[0].suppressions, kept);
    CU_ASSERT_EQUAL(profile.processes.items[0].suppressions_bad, bad);
    free(text);
    profile_free(&profile);
    builder_free(&builder);
}

TEST(test_suppressions, "suppressions")
{
    static const char good[] = " leak:one\r\n# why\n\n\tleak:*two*$ \nleak:three";
    static const char bad[] =
        "leak:\nleak:one\nrace:two\n{\nleak\nleak:a\0b\nleak:three\nleak:x # until "
        "never\n\xff\n";
    static char many[70000];
    expect_suppressions("", 0, "", false);
    expect_suppressions(good, sizeof good - 1, "leak:one\nleak:*two*$\nleak:three\n", false);
    expect_suppressions(bad, sizeof bad - 1, "leak:one\nleak:three\n", true);

    /* A line that is cut in two does not become a wider rule. */
    memset(many, 'a', sizeof many);
    memcpy(many, "leak:one\nleak:", 14);
    expect_suppressions(many, sizeof many, "leak:one\n", true);

    for (size_t i = 0; i + 7 <= sizeof many; i += 7)
        memcpy(many + i, "leak:a\n", 7);
    struct trace_builder builder;
    struct profile profile;
    put_suppressions(&builder, many, sizeof many);
    free(load(&profile, builder.data, builder.size));
    CU_ASSERT_EQUAL(strlen(profile.processes.items[0].suppressions), 7 * 1024);
    CU_ASSERT_TRUE(profile.processes.items[0].suppressions_bad);
    profile_free(&profile);
    builder_free(&builder);

    const struct mmt_suppressions outside = {.text = {sizeof outside, 100}};
    begin(&builder);
    builder_record(&builder, MMT_SUPPRESSIONS, &outside, sizeof outside);
    builder_end(&builder);
    expect_failure(&builder, "text");
}
