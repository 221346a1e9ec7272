/* SPDX-License-Identifier: MIT
 *
 * The symbolizer reads this very program.
 */
#include "elf/elfnames.h"
#include "sym/demangle.h"
#include "sym/resolve.h"
#include "sym/sourcepath.h"
#include "sym/symbolizer.h"
#include "sym/symchild.h"
#include "sym/symwire.h"
#include "unit.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

SUITE("report sym", NULL, NULL);

/* Everything is where the trace says, nothing is cached. */
static const struct symsearch no_search;

static int inner_line;

/* Returns the address behind an instruction of its own, as a return address would be. */
static inline __attribute__((always_inline)) uint64_t sym_test_inner(void)
{
    uint64_t pc;
    inner_line = __LINE__ + 1;
    __asm__ volatile("lea 0(%%rip), %0" : "=r"(pc));
    return pc;
}

static int outer_line;

static __attribute__((noinline)) uint64_t sym_test_outer(void)
{
    outer_line = __LINE__ + 1;
    uint64_t pc = sym_test_inner();
    __asm__ volatile("" : : : "memory");
    return pc;
}

static int first_module(struct dl_phdr_info *info, size_t size, void *bias)
{
    (void)size;
    *(uint64_t *)bias = info->dlpi_addr;
    return 1;
}

static uint64_t own_bias(void)
{
    uint64_t bias = 0;
    dl_iterate_phdr(first_module, &bias);
    return bias;
}

static void own_module(struct module *module, char *path, size_t size)
{
    memset(module, 0, sizeof *module);
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    path[length > 0 ? length : 0] = '\0';
    module->path = path;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(descriptor, ELF_C_READ, NULL);
    const void *bits;
    ssize_t bytes = dwelf_elf_gnu_build_id(elf, &bits);
    if (bytes > 0 && (size_t)bytes <= sizeof module->build_id) {
        module->build_id_size = (uint32_t)bytes;
        memcpy(module->build_id, bits, (size_t)bytes);
    }
    elf_end(elf);
    close(descriptor);
}

static void check_chain(const struct sym_answer *answer, size_t index)
{
    const struct sym_chain *chain = &answer->chains[index];
    CU_ASSERT_EQUAL_FATAL(chain->count, 2);
    const struct symbol *inner = &answer->symbols.items[chain->first], *outer = inner + 1;
    CU_ASSERT_STRING_EQUAL(inner->function, "sym_test_inner");
    CU_ASSERT_EQUAL(inner->line, (uint32_t)inner_line);
    CU_ASSERT_TRUE(inner->inlined);
    CU_ASSERT_STRING_EQUAL(outer->function, "sym_test_outer");
    CU_ASSERT_EQUAL(outer->line, (uint32_t)outer_line);
    CU_ASSERT_FALSE(outer->inlined);
    CU_ASSERT_PTR_NOT_NULL_FATAL(outer->file);
    CU_ASSERT_PTR_NOT_NULL(strstr(outer->file, "report_sym_test.c"));
}

TEST(test_own_functions, "own functions")
{
    struct module module;
    char path[4096];
    own_module(&module, path, sizeof path);
    const uint64_t addresses[] = {1, sym_test_outer() - own_bias() - 1, UINT64_MAX};
    struct sym_answer answer;
    sym_answer_init(&answer, 3);
    sym_libdw.resolve(&module, &no_search, addresses, &answer);
    CU_ASSERT_PTR_NULL(answer.note);
    CU_ASSERT_EQUAL(answer.chains[0].count, 0);
    CU_ASSERT_EQUAL(answer.chains[2].count, 0);
    check_chain(&answer, 1);
    sym_answer_free(&answer);
    sym_answer_init(&answer, 3);
    CU_ASSERT_PTR_NULL(symchild_resolve(&sym_libdw, &module, &no_search, addresses, &answer));
    check_chain(&answer, 1);
    sym_answer_free(&answer);
}

static const struct symbol *symbol_of(const struct sym_answer *answer, size_t index, uint32_t i)
{
    return &answer->symbols.items[answer->chains[index].first + i];
}

static bool same_text(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static size_t count_differences(const struct sym_answer *left, const struct sym_answer *right)
{
    size_t differences = 0;
    for (size_t i = 0; i < left->count; i++) {
        bool same = left->chains[i].count == right->chains[i].count;
        for (uint32_t j = 0; same && j < left->chains[i].count; j++) {
            const struct symbol *a = symbol_of(left, i, j), *b = symbol_of(right, i, j);
            same = same_text(a->function, b->function) && same_text(a->file, b->file) &&
                   a->line == b->line && a->column == b->column && a->inlined == b->inlined;
        }
        differences += !same;
    }
    return differences;
}

/* Compressed debug information is inflated by elfinflate.h. */
TEST(test_compressed_is_the_same, "compressed is the same")
{
    enum { COUNT = 5000 };
    extern const char __executable_start, etext;
    static uint64_t addresses[COUNT];
    struct module module;
    struct sym_answer plain, compressed;
    char path[4096], copy[] = "/tmp/mmreport-compressed-XXXXXX", command[4200];
    own_module(&module, path, sizeof path);
    int descriptor = mkstemp(copy);
    CU_ASSERT_FATAL(descriptor >= 0);
    snprintf(command, sizeof command, "objcopy --compress-debug-sections=zlib-gabi '%s' %s", path,
             copy);
    if (system(command) != 0) {
        unlink(copy);
        close(descriptor);
        CU_FAIL("objcopy failed");
        return;
    }
    for (size_t i = 0; i < COUNT; i++) {
        addresses[i] = (uintptr_t)&__executable_start - own_bias() +
                       (size_t)(&etext - &__executable_start) / COUNT * (COUNT - 1 - i);
    }
    sym_answer_init(&plain, COUNT);
    sym_answer_init(&compressed, COUNT);
    sym_libdw.resolve(&module, &no_search, addresses, &plain);
    module.path = copy;
    sym_libdw.resolve(&module, &no_search, addresses, &compressed);
    CU_ASSERT_PTR_NULL(compressed.note);
    CU_ASSERT_TRUE(plain.symbols.count > COUNT / 2);
    CU_ASSERT_EQUAL(count_differences(&plain, &compressed), 0);
    sym_answer_free(&plain);
    sym_answer_free(&compressed);
    close(descriptor);
    unlink(copy);
}

TEST(test_other_build_is_not_used, "other build is not used")
{
    struct module module;
    char path[4096];
    own_module(&module, path, sizeof path);
    module.build_id_size = 20;
    memset(module.build_id, 0xa5, 20);
    const uint64_t address = sym_test_outer() - own_bias() - 1;
    struct sym_answer answer;
    sym_answer_init(&answer, 1);
    sym_libdw.resolve(&module, &no_search, &address, &answer);
    CU_ASSERT_EQUAL(answer.chains[0].count, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(answer.note);
    CU_ASSERT_PTR_NOT_NULL(strstr(answer.note, "build-id differs"));
    sym_answer_free(&answer);
}

TEST(test_odd_files, "odd files")
{
    static const char *const paths[] = {"/nonexistent", "/dev/zero", "/etc/passwd", "/", ""};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct module module = {.path = paths[i]};
        const uint64_t address = 0x1000;
        struct sym_answer answer;
        sym_answer_init(&answer, 1);
        sym_libdw.resolve(&module, &no_search, &address, &answer);
        CU_ASSERT_EQUAL(answer.chains[0].count, 0);
        CU_ASSERT_PTR_NOT_NULL(answer.note);
        sym_answer_free(&answer);
    }
}

static void crash(const struct module *module, const struct symsearch *search,
                  const uint64_t *addresses, struct sym_answer *answer)
{
    (void)module, (void)search, (void)addresses, (void)answer;
    raise(SIGSEGV);
}

static void leave(const struct module *module, const struct symsearch *search,
                  const uint64_t *addresses, struct sym_answer *answer)
{
    (void)module, (void)search, (void)addresses, (void)answer;
    _exit(0);
}

TEST(test_child_that_dies, "child that dies")
{
    static const struct sym_backend crashing = {"crashing", crash}, leaving = {"leaving", leave};
    const struct module module = {.path = "/x"};
    const uint64_t address = 1;
    struct sym_answer answer;
    sym_answer_init(&answer, 1);
    const char *trouble = symchild_resolve(&crashing, &module, &no_search, &address, &answer);
    CU_ASSERT_PTR_NOT_NULL_FATAL(trouble);
    CU_ASSERT_STRING_EQUAL(trouble, "crashed");
    trouble = symchild_resolve(&leaving, &module, &no_search, &address, &answer);
    CU_ASSERT_PTR_NOT_NULL_FATAL(trouble);
    CU_ASSERT_STRING_EQUAL(trouble, "gave no whole answer");
    CU_ASSERT_EQUAL(answer.chains[0].count, 0);
    sym_answer_free(&answer);
}

TEST(test_wire, "wire")
{
    struct sym_answer answer, copy;
    struct textbuf bytes = {0};
    sym_answer_init(&answer, 2);
    *VEC_PUSH(&answer.symbols) = (struct symbol){"a()", "_Z1av", "f.c", 1, 2, false, 0};
    *VEC_PUSH(&answer.symbols) = (struct symbol){NULL, NULL, NULL, 3, 0, true, 0};
    answer.chains[1] = (struct sym_chain){0, 2};
    answer.note = "note";
    symwire_write(&answer, &bytes);
    sym_answer_init(&copy, 2);
    CU_ASSERT_TRUE(symwire_read(bytes.bytes.items, bytes.bytes.count, &copy));
    CU_ASSERT_STRING_EQUAL(copy.note, "note");
    CU_ASSERT_EQUAL(copy.chains[0].count, 0);
    CU_ASSERT_EQUAL_FATAL(copy.chains[1].count, 2);
    CU_ASSERT_STRING_EQUAL(copy.symbols.items[0].function, "a()");
    CU_ASSERT_STRING_EQUAL(copy.symbols.items[0].linkage, "_Z1av");
    CU_ASSERT_STRING_EQUAL(copy.symbols.items[0].file, "f.c");
    CU_ASSERT_EQUAL(copy.symbols.items[0].column, 2);
    CU_ASSERT_PTR_NULL(copy.symbols.items[1].function);
    CU_ASSERT_PTR_NULL(copy.symbols.items[1].linkage);
    CU_ASSERT_TRUE(copy.symbols.items[1].inlined);
    sym_answer_free(&copy);
    for (size_t size = 0; size < bytes.bytes.count; size++) {
        sym_answer_init(&copy, 2);
        CU_ASSERT_FALSE(symwire_read(bytes.bytes.items, size, &copy));
        sym_answer_free(&copy);
        bytes.bytes.items[size] = (char)~bytes.bytes.items[size];
        sym_answer_init(&copy, 2);
        symwire_read(bytes.bytes.items, bytes.bytes.count, &copy);
        sym_answer_free(&copy);
        bytes.bytes.items[size] = (char)~bytes.bytes.items[size];
    }
    sym_answer_free(&answer);
    textbuf_free(&bytes);
}

static void expect_demangled(const char *name, const char *expected)
{
    char *text = demangle_name(name);
    CU_ASSERT_STRING_EQUAL(text, expected);
    free(text);
}

TEST(test_demangle, "demangle")
{
    expect_demangled("main", "main");
    expect_demangled("memcpy@@GLIBC_2.14", "memcpy");
    expect_demangled("_ZN3foo3barEi", "foo::bar(int)");
    expect_demangled("_ZN3foo3barEi.cold", "foo::bar(int) [clone .cold]");
    expect_demangled("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write");
    expect_demangled("_RNvCs1234_7mycrate3foo", "mycrate::foo");
    expect_demangled("_D3foo3barFZv", "foo.bar()");
    expect_demangled("_Znotmangled", "_Znotmangled");
    expect_demangled("@", "@");
}

TEST(test_demangle_long, "demangle long")
{
    char name[9000] = "_Z4000";
    memset(name + 6, 'a', 4000);
    strcpy(name + 4006, "i");
    char *text = demangle_name(name);
    CU_ASSERT_EQUAL(strlen(text), 4000 + strlen("(int)"));
    CU_ASSERT_NSTRING_EQUAL(text, name + 6, 4000);
    free(text);
    /* As deep as such a name can go, and too deep to be printed. */
    strcpy(name, "_Z1f");
    memset(name + 4, 'P', 8000);
    strcpy(name + 8004, "i");
    text = demangle_name(name);
    CU_ASSERT_STRING_EQUAL(text, name);
    free(text);
}

TEST(test_symbol_table, "symbol table")
{
    struct elfnames names = {0};
    *VEC_PUSH(&names.items) = (struct elfname){0x100, 0x200, "large", 0};
    *VEC_PUSH(&names.items) = (struct elfname){0x140, 0x150, "__alias", 2};
    *VEC_PUSH(&names.items) = (struct elfname){0x140, 0x150, "nested", 0};
    *VEC_PUSH(&names.items) = (struct elfname){0x300, 0x300, "label", 0};
    *VEC_PUSH(&names.items) = (struct elfname){0x380, 0x390, "last", 0};
    elfnames_sort(&names);
    CU_ASSERT_PTR_NULL(elfnames_find(&names, 0xff));
    CU_ASSERT_STRING_EQUAL(elfnames_find(&names, 0x13f), "large");
    CU_ASSERT_STRING_EQUAL(elfnames_find(&names, 0x140), "nested");
    CU_ASSERT_STRING_EQUAL(elfnames_find(&names, 0x150), "large");
    CU_ASSERT_PTR_NULL(elfnames_find(&names, 0x200));
    CU_ASSERT_STRING_EQUAL(elfnames_find(&names, 0x37f), "label");
    CU_ASSERT_PTR_NULL(elfnames_find(&names, 0x390));
    elfnames_free(&names);
}

TEST(test_resolve_profile, "resolve profile")
{
    struct profile profile;
    struct module module;
    char path[4096];
    profile_init(&profile);
    own_module(&module, path, sizeof path);
    module.path = strpool_put(&profile.strings, path, strlen(path));
    uint32_t id = profile_module(&profile, &module);
    uint64_t pc = sym_test_outer() - own_bias();
    uint32_t frame = profile_frame(&profile, id, pc, false);
    uint32_t other = profile_frame(&profile, id, pc + 1, false);
    uint32_t nowhere = profile_frame(&profile, 0, pc, true);
    uint32_t stack =
        profile_stack(&profile, profile_stack(&profile, 0, nowhere, false), frame, false);
    struct resolve_set set;
    resolve_set_init(&set, &profile);
    resolve_set_add(&set, &profile, stack);
    resolve_names(&profile, &set, &no_search, true);
    CU_ASSERT_EQUAL_FATAL(profile.frames.items[frame].symbols, 2);
    uint32_t first = profile.frames.items[frame].first_symbol;
    CU_ASSERT_STRING_EQUAL(profile.symbols.items[first].function, "sym_test_inner");
    CU_ASSERT_EQUAL(profile.frames.items[other].symbols, 0);
    CU_ASSERT_EQUAL(profile.frames.items[nowhere].symbols, 0);
    resolve_set_free(&set);
    profile_free(&profile);
}

TEST(test_source_paths, "source paths")
{
    static const char *const cases[][3] = {
        {"/build/x", "../src/a.c", "/build/src/a.c"},
        {"/build/x", "./a.c", "/build/x/a.c"},
        {"/build", "/usr/include/./c++/../stdio.h", "/usr/include/stdio.h"},
        {NULL, "src/a.c", "src/a.c"},
        {NULL, "../../a.c", "../../a.c"},
        {NULL, "./a//b/../c.c", "a/c.c"},
        {"/", "../a.c", "/a.c"},
        {"", "a.c", "/a.c"},
        {"x", "..", ""},
        {NULL, "", ""},
        {NULL, "/..", "/"},
        {"/a/../..", "b", "/b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = sourcepath_join(cases[i][0], cases[i][1]);
        CU_ASSERT_STRING_EQUAL(path, cases[i][2]);
        free(path);
    }
}
