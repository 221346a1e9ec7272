/* SPDX-License-Identifier: MIT */
#include "load/suppressions.h"
#include "query/gate.h"
#include "unit.h"
#include "util/glob.h"

#include <string.h>

SUITE("report gate", NULL, NULL);

TEST(test_glob, "glob")
{
    CU_ASSERT(glob_matches("make_*", "make_row"));
    CU_ASSERT(glob_matches("*", ""));
    CU_ASSERT(glob_matches("a*b*c", "a-b-b-c"));
    CU_ASSERT(glob_matches("?ow", "row"));
    CU_ASSERT(!glob_matches("row", "rows"));
    CU_ASSERT(!glob_matches("a*b*c", "a-b-c-d"));
    CU_ASSERT(glob_matches("char const*", "char const*"));
    CU_ASSERT(glob_found("row", "make_rows"));
    CU_ASSERT(glob_found("^make*s$", "make_rows"));
    CU_ASSERT(!glob_found("^row", "make_rows"));
    CU_ASSERT(!glob_found("row$", "make_rows"));
    CU_ASSERT(glob_found("^", "x"));
    /* Would take for ever if every '*' were tried at every place. */
    char text[4001];
    memset(text, 'a', 4000);
    text[4000] = '\0';
    CU_ASSERT(!glob_matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

static bool parse(struct suppressions *rules, const char *text)
{
    struct failure failure = {0};
    memset(rules, 0, sizeof *rules);
    bool good = suppressions_parse(rules, "list", text, strlen(text), &failure);
    CU_ASSERT_EQUAL(good, failure.text == NULL);
    failure_free(&failure);
    return good;
}

TEST(test_parse, "parse")
{
    struct suppressions rules;
    CU_ASSERT_FATAL(parse(&rules,
                          "# all forms\r\n\r\nleak:libx\r\n"
                          "double-free:f < g # until 2030-05-06, why\n"
                          "{\n n\n Memcheck,Other:Addr4\n fun:f\n ...\n obj:*\n src:a.c:3\n}\n"));
    CU_ASSERT_EQUAL_FATAL(rules.rules.count, 3);
    const struct suppression *rule = rules.rules.items;
    CU_ASSERT_EQUAL(rule[0].form, SUPPRESSION_ANYWHERE);
    CU_ASSERT_EQUAL(rule[0].line, 3);
    CU_ASSERT_EQUAL(rule[1].errors, UINT64_C(1) << MMT_ERROR_DOUBLE_FREE);
    CU_ASSERT_EQUAL(rule[1].count, 2);
    CU_ASSERT_STRING_EQUAL(rule[1].until, "2030-05-06");
    CU_ASSERT_STRING_EQUAL(rule[1].reason, "why");
    CU_ASSERT_EQUAL(rule[2].access_size, 4);
    CU_ASSERT_EQUAL(rule[2].leaks, 0);
    CU_ASSERT_EQUAL(rule[2].count, 4);
    suppressions_free(&rules);
}

/* Every start of a list that is good is good or refused, and never more than that. */
TEST(test_parse_cut, "parse cut")
{
    static const char text[] = "leak:a\nany:f < g # until 2030-05-06, why\n{\nn\nMemcheck:Leak\n"
                               "match-leak-kinds: all\nfun:f\n...\n}\n";
    for (size_t length = 0; length < sizeof text; length++) {
        struct suppressions rules = {0};
        struct failure failure = {0};
        suppressions_parse(&rules, "list", text, length, &failure);
        failure_free(&failure);
        suppressions_free(&rules);
    }
}

TEST(test_policy, "policy")
{
    struct gate_policy policy;
    gate_policy_init(&policy);
    CU_ASSERT(gate_policy_set(&policy, "max-new", "3"));
    CU_ASSERT_EQUAL(policy.max_new, 3);
    CU_ASSERT(gate_policy_set(&policy, "max", "double-free:0"));
    CU_ASSERT(!gate_policy_set(&policy, "max-new", "-1"));
    CU_ASSERT(!gate_policy_set(&policy, "max-new", ""));
    CU_ASSERT(!gate_policy_set(&policy, "max-new", "3x"));
    CU_ASSERT(!gate_policy_set(&policy, "max", "double:0"));
    CU_ASSERT(!gate_policy_set(&policy, "max", "definite"));
    CU_ASSERT(!gate_policy_set(&policy, "min", "1"));
    gate_policy_free(&policy);
}

/* A profile without a process proves nothing. */
TEST(test_doubts, "doubts")
{
    struct profile profile;
    struct textbuf reasons = {0};
    profile_init(&profile);
    gate_doubts(&reasons, &profile, true);
    CU_ASSERT_STRING_EQUAL(textbuf_text(&reasons),
                           "no process was recorded (is this the folder of mmguard -o?)\n");
    textbuf_clear(&reasons);
    *VEC_PUSH(&profile.processes) = (struct process){
        .executable = "/bin/demo", .pid = 1, .backend = "guard", .has_leak_check = true};
    profile.processes.items[0].leak_check.status = MMT_LEAK_DONE;
    gate_doubts(&reasons, &profile, true);
    CU_ASSERT_STRING_EQUAL(textbuf_text(&reasons), "");
    profile.processes.items[0].backend = "none";
    gate_doubts(&reasons, &profile, true);
    CU_ASSERT_STRING_EQUAL(textbuf_text(&reasons),
                           "demo (pid 1): it ran unguarded (its notes in the summary say why)\n");
    textbuf_clear(&reasons);
    profile.processes.items[0].backend = "guard";
    *VEC_PUSH(&profile.notes) = (struct note){0, MMT_NOTE_INCOMPLETE, "no more room"};
    gate_doubts(&reasons, &profile, true);
    CU_ASSERT_STRING_EQUAL(textbuf_text(&reasons), "demo (pid 1): no more room\n");
    textbuf_free(&reasons);
    profile_free(&profile);
}
