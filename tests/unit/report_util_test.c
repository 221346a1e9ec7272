/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "util/cursor.h"
#include "util/escape.h"
#include "util/shortname.h"
#include "util/strpool.h"
#include "util/textbuf.h"

#include <stdlib.h>
#include <string.h>

SUITE("report util", NULL, NULL);

static void cursor_over(struct cursor *cursor, struct failure *failure, const void *data,
                        uint64_t size)
{
    *failure = (struct failure){0};
    *cursor =
        (struct cursor){.file = "F", .data = data, .size = size, .base = 0x10, .failure = failure};
}

TEST(test_cursor_reads_to_the_end, "cursor reads to the end")
{
    static const uint8_t data[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct cursor cursor;
    struct failure failure;
    uint32_t number;
    cursor_over(&cursor, &failure, data, sizeof data);
    CU_ASSERT_TRUE(cursor_read(&cursor, &number, 4, "a"));
    CU_ASSERT_EQUAL(number, 0x04030201);
    CU_ASSERT_TRUE(cursor_read(&cursor, &number, 4, "b"));
    CU_ASSERT_EQUAL(cursor_left(&cursor), 0);
    CU_ASSERT_FALSE(cursor_read(&cursor, &number, 1, "c"));
    CU_ASSERT_STRING_EQUAL(failure.text, "F: offset 0x18: c needs 1 bytes, 0 are left");
    CU_ASSERT_FALSE(cursor_skip(&cursor, UINT64_MAX, "d"));
    CU_ASSERT_STRING_EQUAL(failure.text, "F: offset 0x18: c needs 1 bytes, 0 are left");
    failure_free(&failure);
}

TEST(test_cursor_array_does_not_overflow, "cursor array does not overflow")
{
    static const uint8_t data[64];
    struct cursor cursor;
    struct failure failure;
    const uint8_t *elements;
    cursor_over(&cursor, &failure, data, sizeof data);
    CU_ASSERT_TRUE(cursor_array(&cursor, 2, 16, &elements, "elements"));
    CU_ASSERT_EQUAL(cursor.position, 32);
    /* 16 times this is 32 in 64 bits. */
    CU_ASSERT_FALSE(cursor_array(&cursor, (UINT64_C(1) << 60) + 2, 16, &elements, "elements"));
    CU_ASSERT_EQUAL(cursor.position, 32);
    failure_free(&failure);
}

static struct cursor quiet_cursor(const void *data, uint64_t size)
{
    return (struct cursor){.data = data, .size = size};
}

TEST(test_cursor_numbers, "cursor numbers")
{
    static const uint8_t data[] = {0x34, 0x12, 0x7f, 0x80, 0x01, 0x40, 0xff, 0x00, 'a', 0, 'b'};
    struct cursor cursor = quiet_cursor(data, sizeof data);
    CU_ASSERT_EQUAL(cursor_number(&cursor, 2), 0x1234);
    CU_ASSERT_EQUAL(cursor_unsigned(&cursor), 127);
    CU_ASSERT_EQUAL(cursor_unsigned(&cursor), 128);
    CU_ASSERT_EQUAL(cursor_signed(&cursor), -64);
    CU_ASSERT_EQUAL(cursor_signed(&cursor), 127);
    CU_ASSERT_STRING_EQUAL(cursor_text(&cursor), "a");
    CU_ASSERT_FALSE(cursor.failed);
    CU_ASSERT_STRING_EQUAL(cursor_text(&cursor), "");
    CU_ASSERT_TRUE(cursor.failed);
    CU_ASSERT_EQUAL(cursor_left(&cursor), 0);
    CU_ASSERT_EQUAL(cursor_number(&cursor, 1), 0);
    CU_ASSERT_FALSE(cursor_skip(&cursor, 1, "nothing"));
    cursor = quiet_cursor(data, sizeof data);
    struct cursor behind = cursor_from(&cursor, sizeof data), last = cursor_from(&cursor, 10);
    CU_ASSERT_TRUE(behind.failed);
    CU_ASSERT_FALSE(last.failed);
    CU_ASSERT_EQUAL(cursor_number(&last, 2), 0);
    CU_ASSERT_TRUE(last.failed);
    cursor_pass(&cursor, UINT64_MAX);
    CU_ASSERT_TRUE(cursor.failed);
    CU_ASSERT_EQUAL(cursor_left(&cursor), 0);
}

TEST(test_cursor_long_numbers, "cursor long numbers")
{
    uint8_t data[11];
    memset(data, 0xff, sizeof data);
    struct cursor cursor = quiet_cursor(data, sizeof data);
    CU_ASSERT_EQUAL(cursor_unsigned(&cursor), 0); /* it has no end within ten bytes */
    CU_ASSERT_TRUE(cursor.failed);
    data[9] = 0x01;
    cursor = quiet_cursor(data, sizeof data);
    CU_ASSERT_EQUAL(cursor_unsigned(&cursor), UINT64_MAX);
    CU_ASSERT_EQUAL(cursor.position, 10);
    data[9] = 0x7f;
    cursor = quiet_cursor(data, sizeof data);
    CU_ASSERT_EQUAL(cursor_signed(&cursor), -1);
    data[0] = 0x80;
    memset(data + 1, 0x80, 8);
    cursor = quiet_cursor(data, sizeof data);
    CU_ASSERT_EQUAL(cursor_signed(&cursor), INT64_MIN);
    CU_ASSERT_FALSE(cursor.failed);
    for (uint64_t size = 0; size < 10; size++) {
        cursor = quiet_cursor(data, size);
        CU_ASSERT_EQUAL(cursor_signed(&cursor), 0);
        CU_ASSERT_TRUE(cursor.failed);
        CU_ASSERT_EQUAL(cursor_left(&cursor), 0);
    }
}

TEST(test_cursor_range_and_sub, "cursor range and sub")
{
    static const uint8_t data[] = "0123456789abcdef";
    struct cursor cursor, sub;
    struct failure failure;
    const char *bytes;
    cursor_over(&cursor, &failure, data, sizeof data - 1);
    CU_ASSERT_TRUE(cursor_range(&cursor, 16, 0, &bytes, "t"));
    CU_ASSERT_TRUE(cursor_range(&cursor, 4, 12, &bytes, "t"));
    CU_ASSERT_EQUAL(bytes[0], '4');
    CU_ASSERT_FALSE(cursor_range(&cursor, 17, 0, &bytes, "t"));
    CU_ASSERT_FALSE(cursor_range(&cursor, 4, 13, &bytes, "t"));
    CU_ASSERT_FALSE(cursor_range(&cursor, UINT64_MAX, 2, &bytes, "t"));
    CU_ASSERT_FALSE(cursor_range(&cursor, 2, UINT64_MAX, &bytes, "t"));
    failure_free(&failure);
    cursor.position = 4;
    CU_ASSERT_TRUE(cursor_sub(&cursor, 8, "part", &sub));
    CU_ASSERT_EQUAL(cursor.position, 12);
    CU_ASSERT_FALSE(cursor_sub(&cursor, 5, "part", &sub));
    failure_free(&failure);
    CU_ASSERT_FALSE(cursor_fail(&sub, 1, "wrong %d", 7));
    CU_ASSERT_STRING_EQUAL(failure.text, "F: offset 0x15: part: wrong 7");
    failure_free(&failure);
}

static void expect_escaped(const char *bytes, size_t length, const char *expected)
{
    char *text = escape_text(bytes, length);
    CU_ASSERT_STRING_EQUAL(text, expected);
    free(text);
}

TEST(test_escape, "escape")
{
    expect_escaped("", 0, "");
    expect_escaped("plain \\ text", 12, "plain \\ text");
    expect_escaped("\033[31m\r\n\t\177", 9, "\\x1b[31m\\x0d\\x0a\\x09\\x7f");
    expect_escaped("a\0b", 3, "a\\x00b");
    expect_escaped("gr\303\274n \360\237\230\200", 10, "gr\303\274n \360\237\230\200");
    expect_escaped("\377\300\200", 3, "\\xff\\xc0\\x80"); /* overlong */
    expect_escaped("\303", 1, "\\xc3"); /* cut off */
    expect_escaped("\355\240\200", 3, "\\xed\\xa0\\x80"); /* surrogate */
    expect_escaped("\364\220\200\200", 4, "\\xf4\\x90\\x80\\x80"); /* beyond Unicode */
    expect_escaped("\302\233", 2, "\\xc2\\x9b"); /* C1 control: CSI */
    expect_escaped("\342\200\256", 3, "\\xe2\\x80\\xae"); /* right-to-left override */
    expect_escaped("\342\201\246", 3, "\\xe2\\x81\\xa6"); /* isolate */
    CU_ASSERT_EQUAL(escape_columns("gr\303\274n"), 4);
}

TEST(test_strpool, "strpool")
{
    struct strpool pool = {0};
    const char *first = strpool_put(&pool, "abc", 3);
    CU_ASSERT_PTR_EQUAL(strpool_put(&pool, "abcd", 3), first);
    CU_ASSERT_PTR_EQUAL(strpool_put(&pool, "abc\0x", 5), first);
    CU_ASSERT_PTR_NOT_EQUAL(strpool_put(&pool, "ab", 2), first);
    CU_ASSERT_STRING_EQUAL(strpool_put(&pool, NULL, 0), "");
    char name[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "%d", i);
        strpool_put(&pool, name, strlen(name));
    }
    CU_ASSERT_PTR_EQUAL(strpool_put(&pool, "abc", 3), first);
    CU_ASSERT_EQUAL(pool.texts.count, 1003);
    /* Longer than a block, and texts that are not copied. */
    char *block = xalloc_zeroed(100000, 1);
    memset(block + 8, 'x', 90000);
    memcpy(block, "abc\0held", 8);
    CU_ASSERT_PTR_EQUAL(strpool_put_held(&pool, block, 3), first);
    CU_ASSERT_PTR_EQUAL(strpool_put_held(&pool, block + 4, 90004), block + 4);
    CU_ASSERT_PTR_EQUAL(strpool_put(&pool, block + 4, 90004), block + 4);
    const char *large = strpool_put(&pool, block + 8, 90000);
    CU_ASSERT_PTR_NOT_EQUAL(large, block + 8);
    CU_ASSERT_EQUAL(strlen(large), 90000);
    strpool_hold(&pool, block);
    strpool_free(&pool);
}

TEST(test_short_names, "short names")
{
    static const char *const names[][3] = {
        /* given, without signature, with it */
        {"main", "main", "main"},
        {"void std::vector<int, std::allocator<int> >::push_back(int const&)",
         "std::vector<...>::push_back", "void std::vector<...>::push_back(int const&)"},
        {"a<b<(c)0>::operator->(int)const>::operator<<<d>(e)", "a<...>::operator<<<...>",
         "a<...>::operator<<<...>(e)"},
        {"cooperator<operators>::f(g->h)", "cooperator<...>::f", "cooperator<...>::f(g->h)"},
        {"shop::Cache<std::map<int, int> >::load(int) const", "shop::Cache<...>::load",
         "shop::Cache<...>::load(int) const"},
        {"operator new[](unsigned long)", "operator new[]", "operator new[](unsigned long)"},
        {"bool operator< <int>(A<int> const&, A<int> const&)", "operator<<...>",
         "bool operator<<...>(A<...> const&, A<...> const&)"},
        {"std::ostream& std::operator<< <std::char_traits<char> >(std::ostream&, char const*)",
         "std::operator<<<...>", "std::ostream& std::operator<<<...>(std::ostream&, char const*)"},
        {"A::operator()(int) const::{lambda(int)#1}::operator()(int) const",
         "A::operator()::{lambda(int)#1}::operator()",
         "A::operator()(int) const::{lambda(int)#1}::operator()(int) const"},
        {"(anonymous namespace)::run(char**)", "(anonymous namespace)::run",
         "(anonymous namespace)::run(char**)"},
        {"A::operator unsigned long() const", "A::operator unsigned long",
         "A::operator unsigned long() const"},
        {"A::operator->() const", "A::operator->", "A::operator->() const"},
        {"f(int) [clone .cold]", "f [clone .cold]", "f(int) [clone .cold]"},
        {"<alloc::vec::Vec<T,A> as core::ops::Drop>::drop",
         "<alloc::vec::Vec<...> as core::ops::Drop>::drop",
         "<alloc::vec::Vec<...> as core::ops::Drop>::drop"},
        {"core::ptr::drop_in_place<[u8]>", "core::ptr::drop_in_place<...>",
         "core::ptr::drop_in_place<...>"},
        {"broken<int", "broken<int", "broken<int"},
        {"(", "(", "("},
        {"a)b(c", "a)b(c", "a)b(c"},
        {"> x", "> x", "> x"},
    };
    struct textbuf buffer = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (unsigned flags = 0; flags < 2; flags++) {
            textbuf_clear(&buffer);
            shortname_put(&buffer, names[i][0], flags);
            CU_ASSERT_STRING_EQUAL(textbuf_text(&buffer), names[i][1 + flags]);
        }
    }
    textbuf_free(&buffer);
}
