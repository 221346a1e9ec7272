/* SPDX-License-Identifier: MIT */
#include "model/profile.h"
#include "query/builtin.h"
#include "unit.h"

#include <string.h>

SUITE("report builtin", NULL, NULL);

static struct profile profile;

static uint32_t module(const char *path, uint32_t flags)
{
    struct module module = {.path = strpool_put(&profile.strings, path, strlen(path)),
                            .flags = flags};
    return profile_module(&profile, &module);
}

/* Adds a frame below `parent`. A function is "MODULE FUNCTION", or "MODULE" if it has no name. */
static uint32_t call(uint32_t parent, const char *text)
{
    static uint64_t address;
    char path[64];
    size_t length = strcspn(text, " ");
    memcpy(path, text, length);
    path[length] = '\0';
    bool guard = strcmp(path, "libguard.so") == 0;
    uint32_t index =
        profile_frame(&profile, module(path, guard ? MMT_MODULE_GUARD : 0), ++address, false);
    if (text[length] != '\0') {
        struct frame *frame = &profile.frames.items[index];
        frame->first_symbol = (uint32_t)profile.symbols.count;
        frame->symbols = 1;
        *VEC_PUSH(&profile.symbols) = (struct symbol){.function = text + length + 1};
    }
    return profile_stack(&profile, parent, index, false);
}

/* Callers first, as they call; the end is a NULL. */
static uint32_t stack(const char *const *calls)
{
    uint32_t stack = call(0, "/usr/bin/program main");
    for (; *calls != NULL; calls++)
        stack = call(stack, *calls);
    return call(call(stack, "libguard.so"), "libguard.so malloc");
}

static void begin(uint32_t flags)
{
    profile_init(&profile);
    *VEC_PUSH(&profile.processes) = (struct process){.flags = flags};
}

static void leak(uint32_t stack, uint32_t kind, uint64_t blocks)
{
    struct leak leak = {.record = {.stack = stack, .kind = kind, .blocks = blocks, .bytes = 8}};
    *VEC_PUSH(&profile.leaks) = leak;
}

#define STACK(...) stack((const char *const[]){__VA_ARGS__, NULL})
#define C          "/lib/x86_64-linux-gnu/libc.so.6"
#define LD         "/lib64/ld-linux-x86-64.so.2"
#define CXX        "/usr/lib/libstdc++.so.6"
#define GLIB       "/usr/lib/x86_64-linux-gnu/libglib-2.0.so.0"
#define GOBJECT    "/usr/lib/x86_64-linux-gnu/libgobject-2.0.so.0"
#define FONTS      "/usr/lib/x86_64-linux-gnu/libfontconfig.so.1"
#define EXPAT      "/usr/lib/x86_64-linux-gnu/libexpat.so.1"

static bool takes(uint32_t stack, uint32_t kind)
{
    size_t before = profile.leaks.count;
    struct resolve_set set;
    leak(stack, kind, 1);
    resolve_set_init(&set, &profile);
    if (builtin_frames(&set, &profile))
        builtin_apply(&profile);
    resolve_set_free(&set);
    bool taken = profile.leaks.count == before;
    profile.leaks.count = before;
    return taken;
}

TEST(test_names, "names")
{
    begin(0);
    CU_ASSERT(takes(STACK(C " setlocale", C " __strdup"), MMT_LEAK_REACHABLE));
    CU_ASSERT(takes(STACK(C " setlocale", C), MMT_LEAK_REACHABLE));
    CU_ASSERT(takes(STACK(C " __GI_setlocale.part.0", C), MMT_LEAK_REACHABLE));
    CU_ASSERT(takes(STACK(C " __GI___newlocale", C), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(C " setlocale_of_mine", C), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(C " __strdup"), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(C), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK("/opt/mine/libmine.so setlocale"), MMT_LEAK_REACHABLE));
    CU_ASSERT(takes(STACK(LD, LD, CXX), MMT_LEAK_REACHABLE));
    CU_ASSERT(takes(STACK(LD, LD, CXX " _GLOBAL__sub_I_eh_alloc.cc"), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(LD, LD), MMT_LEAK_REACHABLE));
    profile_free(&profile);
}

TEST(test_lost, "lost")
{
    begin(0);
    uint32_t locale = STACK(C " setlocale", C),
             table = STACK(C " pthread_create", LD " _dl_allocate_tls", LD);
    CU_ASSERT(!takes(locale, MMT_LEAK_DEFINITE));
    CU_ASSERT(!takes(locale, MMT_LEAK_INDIRECT));
    CU_ASSERT(!takes(locale, MMT_LEAK_POSSIBLE));
    CU_ASSERT(!takes(table, MMT_LEAK_DEFINITE));
    CU_ASSERT(!takes(table, MMT_LEAK_INDIRECT));
    CU_ASSERT(takes(table, MMT_LEAK_POSSIBLE));
    CU_ASSERT_EQUAL(profile.processes.items[0].builtin_blocks, 1);
    CU_ASSERT_EQUAL(profile.processes.items[0].suppressed_blocks, 1);
    CU_ASSERT_EQUAL(profile.processes.items[0].suppressed_bytes, 8);
    CU_ASSERT_EQUAL(profile.builtin.count, 1);
    profile_free(&profile);
}

/* What the program's own functions allocate is its own, whoever calls them; and what a function
 * returns to it. */
TEST(test_own, "own")
{
    begin(0);
    CU_ASSERT(!takes(STACK(C " getpwnam", "/usr/bin/program callback"), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(C " getpwnam", "/usr/bin/program callback", C " __strdup"),
                     MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(C " getpwnam", "/usr/bin/program"), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(C " newlocale"), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(C " iconv_open", C " __gconv_open"), MMT_LEAK_REACHABLE));
    CU_ASSERT(takes(STACK(C " iconv_open", C " __gconv_open", C, LD), MMT_LEAK_REACHABLE));
    CU_ASSERT(takes(STACK(C " dlopen", C), MMT_LEAK_REACHABLE));
    CU_ASSERT(!takes(STACK(C " dlopen", C, LD), MMT_LEAK_REACHABLE));
    /* A constructor of the program's library whose last call is a jump. */
    CU_ASSERT(
        !takes(STACK(LD, LD, CXX " std::string::reserve(unsigned long)"), MMT_LEAK_REACHABLE));
    CU_ASSERT(
        !takes(STACK(LD, LD, CXX " std::string::reserve(unsigned long)", CXX), MMT_LEAK_REACHABLE));
    profile_free(&profile);
}

TEST(test_libraries, "tables of libraries")
{
    begin(0);
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        CU_ASSERT(takes(STACK(GLIB " g_quark_from_string", GLIB), kind));
        CU_ASSERT(takes(STACK(LD, LD, GLIB, GLIB " g_hash_table_new_full"), kind));
        CU_ASSERT(takes(STACK(LD, LD, GOBJECT " gobject_init_ctor", GLIB " g_malloc"), kind));
        CU_ASSERT(takes(STACK(FONTS " FcInit", FONTS, EXPAT, FONTS, C " strdup"), kind));
        CU_ASSERT(
            takes(STACK(FONTS " FcFontMatch", FONTS " FcInitLoadConfigAndFonts", FONTS), kind));
        /* What the program asked for, and what a library of its own has by the same names. */
        CU_ASSERT(!takes(STACK(FONTS " FcInitLoadConfigAndFonts", FONTS), kind));
        CU_ASSERT(!takes(STACK(FONTS " FcPatternCreate"), kind));
        CU_ASSERT(!takes(STACK(EXPAT " XML_ParserCreate"), kind));
        CU_ASSERT(!takes(STACK(GLIB " g_malloc"), kind));
        CU_ASSERT(!takes(STACK(LD, LD, GLIB " g_malloc"), kind));
        CU_ASSERT(!takes(STACK(GLIB " g_quark_from_string", "/usr/bin/program callback"), kind));
        CU_ASSERT(!takes(STACK("/opt/mine/libmine.so g_quark_from_string", GLIB), kind));
        CU_ASSERT(!takes(STACK("/opt/mine/libmine.so FcInit"), kind));
        CU_ASSERT(!takes(STACK(GOBJECT " g_object_new", GOBJECT " g_type_create_instance"), kind));
        bool kept = kind == MMT_LEAK_REACHABLE || kind == MMT_LEAK_POSSIBLE;
        CU_ASSERT_EQUAL(takes(STACK(GOBJECT " g_type_register_static", GLIB), kind), kept);
    }
    profile_free(&profile);
}

/* Threads that ended and were not joined leave tables behind. */
TEST(test_tables, "tables")
{
    static const uint32_t flags[] = {MMT_THREAD_MAIN, MMT_THREAD_ENDED, 0, 0};
    begin(0);
    for (size_t i = 0; i < 4; i++)
        *VEC_PUSH(&profile.threads) = (struct thread){.flags = flags[i]};
    uint32_t table = STACK(C " pthread_create", LD " _dl_allocate_tls", LD);
    leak(table, MMT_LEAK_REACHABLE, 2);
    leak(table, MMT_LEAK_POSSIBLE, 5);
    builtin_apply(&profile);
    CU_ASSERT_EQUAL(profile.leaks.count, 0);
    leak(table, MMT_LEAK_REACHABLE, 2);
    leak(table, MMT_LEAK_POSSIBLE, 6);
    builtin_apply(&profile);
    CU_ASSERT_EQUAL(profile.leaks.count, 2);
    profile_free(&profile);
}

TEST(test_off, "off")
{
    begin(MMT_PROCESS_ALL_LEAKS);
    CU_ASSERT(!takes(STACK(C " setlocale", C), MMT_LEAK_REACHABLE));
    profile_free(&profile);
}
