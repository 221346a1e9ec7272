/* SPDX-License-Identifier: MIT */
#include "load/load.h"
#include "load/marks.h"
#include "query/totals.h"
#include "trace_builder.h"
#include "unit.h"

#include <stdlib.h>

SUITE("report marks", NULL, NULL);

/* builder_process() begins processes at this time. */
enum { START = 1 };

static void add(struct profile *profile, struct trace_builder *builder)
{
    struct failure failure = {0};
    CU_ASSERT_TRUE(load_bytes(profile, "F", builder->data, builder->size, false, &failure));
    failure_free(&failure);
    builder_free(builder);
}

static void add_mark(struct profile *profile, uint32_t pid, const struct mmt_mark *mark)
{
    struct trace_builder builder;
    builder_init(&builder);
    builder_process(&builder, pid, "/bin/x", "/");
    builder_record(&builder, MMT_MARK, mark, sizeof *mark);
    add(profile, &builder);
}

static void add_trace(struct profile *profile, uint32_t pid)
{
    struct trace_builder builder;
    builder_init(&builder);
    builder_process(&builder, pid, "/bin/x", "/");
    builder_end(&builder);
    add(profile, &builder);
}

static size_t left(struct profile *profile)
{
    marks_settle(profile, 0);
    size_t count = 0;
    for (size_t i = 0; i < profile->processes.count; i++)
        count += profile->processes.items[i].has_mark;
    profile_free(profile);
    return count;
}

TEST(test_mark_alone, "a mark alone is an incomplete process")
{
    struct profile profile;
    struct totals totals;
    profile_init(&profile);
    add_mark(&profile, 7, &(struct mmt_mark){.state = MMT_MARK_RUNNING, .findings = 3});
    CU_ASSERT_FALSE(profile.incomplete);
    marks_settle(&profile, 0);
    totals_sum(&totals, &profile, TOTALS_ALL);
    CU_ASSERT_TRUE(totals.incomplete);
    CU_ASSERT_EQUAL(totals.errors, 3);
    CU_ASSERT_EQUAL(left(&profile), 1);
}

TEST(test_mark_told, "a mark of a process that another trace tells of")
{
    struct profile profile;
    profile_init(&profile);
    add_trace(&profile, 7);
    add_mark(&profile, 7, &(struct mmt_mark){.state = MMT_MARK_RUNNING});
    add_mark(&profile, 8, &(struct mmt_mark){.state = MMT_MARK_RUNNING});
    add_mark(&profile, 9, &(struct mmt_mark){.state = MMT_MARK_ENDED});
    add_mark(&profile, 10,
             &(struct mmt_mark){.state = MMT_MARK_RUNNING, .flags = MMT_MARK_LEFT_OUT});
    CU_ASSERT_EQUAL(left(&profile), 1);
}

TEST(test_mark_exec, "a mark of an exec")
{
    struct profile profile;
    profile_init(&profile);
    add_trace(&profile, 7);
    add_mark(&profile, 7, &(struct mmt_mark){.state = MMT_MARK_EXEC, .time = START});
    CU_ASSERT_EQUAL(left(&profile), 0);
    profile_init(&profile);
    add_trace(&profile, 7);
    add_mark(&profile, 7, &(struct mmt_mark){.state = MMT_MARK_EXEC, .time = START + 1});
    CU_ASSERT_EQUAL(left(&profile), 1);
}

TEST(test_mark_damaged, "a mark that is cut off")
{
    struct profile profile;
    struct failure failure = {0};
    struct trace_builder builder;
    const struct mmt_mark mark = {.state = MMT_MARK_RUNNING};
    profile_init(&profile);
    builder_init(&builder);
    builder_process(&builder, 7, "/bin/x", "/");
    builder_record(&builder, MMT_MARK, &mark, sizeof mark - 8);
    CU_ASSERT_FALSE(load_bytes(&profile, "F", builder.data, builder.size, false, &failure));
    CU_ASSERT_EQUAL(profile.processes.count, 0);
    failure_free(&failure);
    builder_free(&builder);
    profile_free(&profile);
}
