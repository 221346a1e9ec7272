/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/options.h"
#include "unit.h"

SUITE("base/options", NULL, NULL);

static struct options options;
static char message[256];

static int parse(const char *text)
{
    memset(&options, 0x55, sizeof(options));
    memset(message, 0, sizeof(message));
    return options_parse(&options, text, message, sizeof(message));
}

static void refuses(const char *text, const char *why)
{
    CU_ASSERT_EQUAL(parse(text), -EINVAL);
    CU_ASSERT_STRING_EQUAL(message, why);
    if (strcmp(message, why))
        printf("\n%s: %s\n", text, message);
}

TEST(defaults, "defaults")
{
    const char *const empty[] = {NULL, "", ":", ":::"};
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(parse(empty[i]), 0);
        CU_ASSERT_EQUAL(options.backend, BACKEND_AUTO);
        CU_ASSERT_EQUAL(options.align, 16);
        CU_ASSERT_EQUAL(options.guard, -2);
        CU_ASSERT_EQUAL(options.budget, -1);
        CU_ASSERT_EQUAL(options.history, 1000000);
        CU_ASSERT_EQUAL(options.leak_check, 1);
        CU_ASSERT_EQUAL(options.keep, 0);
        CU_ASSERT_STRING_EQUAL(options.dir, ".");
        CU_ASSERT_STRING_EQUAL(options.log, "");
    }
}

TEST(booleans, "BOOL")
{
    static const char *const words[] = {"0", "1", "no", "yes", "false", "true", "off", "on"};
    for (int i = 0; i < 8; i++) {
        char text[32];
        snprintf(text, sizeof(text), "keep=%s", words[i]);
        CU_ASSERT_EQUAL(parse(text), 0);
        CU_ASSERT_EQUAL(options.keep, i % 2);
    }
    refuses("keep=2", "option 'keep' cannot be '2'; it takes 0 or 1");
    refuses("keep=", "option 'keep' cannot be ''; it takes 0 or 1");
    refuses("keep", "option 'keep' cannot be ''; it takes 0 or 1");
    refuses("keep=Yes", "option 'keep' cannot be 'Yes'; it takes 0 or 1");
}

TEST(integers, "INT")
{
    CU_ASSERT_EQUAL(parse("exitcode=0:depth=256:history=0"), 0);
    CU_ASSERT(options.exitcode == 0 && options.depth == 256 && options.history == 0);
    CU_ASSERT_EQUAL(parse("depth=1:depth=7"), 0);
    CU_ASSERT_EQUAL(options.depth, 7);
    refuses("exitcode=256", "option 'exitcode' cannot be '256'; it takes 0..255");
    refuses("depth=0", "option 'depth' cannot be '0'; it takes 1..256");
    refuses("depth=-1", "option 'depth' cannot be '-1'; it takes 1..256");
    refuses("depth=1x", "option 'depth' cannot be '1x'; it takes 1..256");
    refuses("history=99999999999999999999999999999",
            "option 'history' cannot be '99999999999999999999999999999'; it takes 0..1000000000");
    CU_ASSERT_EQUAL(parse("align=4096"), 0);
    refuses("align=24", "option 'align' must be a power of two");
}

TEST(words, "ENUM")
{
    CU_ASSERT_EQUAL(parse("backend=mprotect:placement=alternate:report=none"), 0);
    CU_ASSERT_EQUAL(options.backend, BACKEND_MPROTECT);
    CU_ASSERT_EQUAL(options.placement, 2);
    CU_ASSERT_EQUAL(options.report, REPORT_NONE);
    refuses("color=alway", "option 'color' cannot be 'alway'; it takes auto|always|never");
    refuses("color=auto|always",
            "option 'color' cannot be 'auto|always'; it takes auto|always|never");
    refuses("color=", "option 'color' cannot be ''; it takes auto|always|never");
}

TEST(sets, "SET")
{
    CU_ASSERT_EQUAL(parse(NULL), 0);
    CU_ASSERT_EQUAL(options.debug, 0);
    CU_ASSERT_EQUAL(parse("debug=leak,heap"), 0);
    CU_ASSERT_EQUAL(options.debug, 5);
    CU_ASSERT_EQUAL(parse("debug=leak:debug=none"), 0);
    CU_ASSERT_EQUAL(options.debug, 0);
    CU_ASSERT_NOT_EQUAL(parse("debug="), 0);
    CU_ASSERT_NOT_EQUAL(parse("debug=leak,"), 0);
    CU_ASSERT_NOT_EQUAL(parse("debug=leak,none"), 0);
    CU_ASSERT_NOT_EQUAL(parse("debug=a-word-of-more-than-thirty-two-characters"), 0);
    CU_ASSERT_STRING_EQUAL(
        message, "option 'debug' cannot be 'a-word-of-more-than-thirty-two-characters'; it "
                 "takes heap|signals|leak|process with commas between them, or none");
}

TEST(choices, "CHOICE")
{
    CU_ASSERT_EQUAL(parse("guard=all:revoke=now"), 0);
    CU_ASSERT(options.guard == -2 && options.revoke == -1);
    CU_ASSERT_EQUAL(parse("guard=auto"), 0);
    CU_ASSERT_EQUAL(options.guard, -1);
    CU_ASSERT_EQUAL(parse("guard=fair:revoke=fair"), 0);
    CU_ASSERT(options.guard == -3 && options.revoke == -2);
    CU_ASSERT_EQUAL(parse("guard=2:revoke=batch:4096"), 0);
    CU_ASSERT(options.guard == 2 && options.revoke == 4096);
    refuses("guard=1", "option 'guard' cannot be '1'; it takes auto|all|fair|2..1000000");
    refuses("guard=1000001",
            "option 'guard' cannot be '1000001'; it takes auto|all|fair|2..1000000");
    refuses("revoke=batch", "option 'revoke' cannot be 'batch'; it takes now|fair|batch:1..4096");
    refuses("revoke=batch:0",
            "option 'revoke' cannot be 'batch:0'; it takes now|fair|batch:1..4096");
    refuses("revoke=4", "option 'revoke' cannot be '4'; it takes now|fair|batch:1..4096");
    refuses("revoke=", "option 'revoke' cannot be ''; it takes now|fair|batch:1..4096");
}

TEST(sizes, "SIZE")
{
    CU_ASSERT(!parse("budget=auto") && options.budget == -1);
    CU_ASSERT(!parse("budget=none") && options.budget == 0);
    CU_ASSERT(!parse("budget=1") && options.budget == 1);
    CU_ASSERT(!parse("budget=3K") && options.budget == 3 << 10);
    CU_ASSERT(!parse("budget=5M") && options.budget == 5 << 20);
    CU_ASSERT(!parse("budget=7G") && options.budget == (int64_t)7 << 30);
    CU_ASSERT(!parse("budget=2T") && options.budget == (int64_t)2 << 40);
#define TAKES "'; it takes auto|none or bytes, with K, M, G or T behind the number"
    refuses("budget=0", "option 'budget' cannot be '0" TAKES);
    refuses("budget=K", "option 'budget' cannot be 'K" TAKES);
    refuses("budget=1k", "option 'budget' cannot be '1k" TAKES);
    refuses("budget=1KK", "option 'budget' cannot be '1KK" TAKES);
    refuses("budget=9000000T", "option 'budget' cannot be '9000000T" TAKES);
    refuses("budget=-1", "option 'budget' cannot be '-1" TAKES);
}

TEST(paths, "PATH, escapes, ':' before a digit")
{
    CU_ASSERT_EQUAL(parse("dir=/a b/c=d:log=x\\:y\\\\z\\w"), 0);
    CU_ASSERT_STRING_EQUAL(options.dir, "/a b/c=d");
    CU_ASSERT_STRING_EQUAL(options.log, "x:y\\z\\w");
    CU_ASSERT_EQUAL(parse("log=/t/12:30:dir=:keep=1"), 0);
    CU_ASSERT_STRING_EQUAL(options.log, "/t/12:30");
    CU_ASSERT_STRING_EQUAL(options.dir, "");
    CU_ASSERT_EQUAL(options.keep, 1);
}

TEST(names, "unknown names, what is too long")
{
    refuses("keeep=1", "unknown option 'keeep'; did you mean 'keep'?");
    refuses("exit_code=1", "unknown option 'exit_code'; did you mean 'exitcode'?");
    refuses("Keep=1", "unknown option 'Keep'; did you mean 'keep'?");
    refuses("kee\np=1", "unknown option 'kee\\x0ap'; did you mean 'keep'?");
    CU_ASSERT_EQUAL(parse("=1"), -EINVAL);
    static char text[6000];
    memset(text, 'x', sizeof(text) - 1);
    refuses(text, "an option is too long");
    memcpy(text, "dir=", 4);
    refuses(text, "an option is too long");
    text[200] = 0;
    char small[16];
    CU_ASSERT_EQUAL(options_parse(&options, "keeep=1", small, sizeof(small)), -EINVAL);
    CU_ASSERT_STRING_EQUAL(small, "unknown option ");
}
