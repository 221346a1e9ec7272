/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "base/print.h"
#include "unit.h"

SUITE("base/print", NULL, NULL);

TEST(numbers, "numbers")
{
    char text[256];
    struct print p;
    print_to_buffer(&p, text, sizeof(text));
    print_unsigned(&p, 0);
    print_char(&p, ' ');
    print_unsigned(&p, UINT64_MAX);
    print_char(&p, ' ');
    print_signed(&p, INT64_MIN);
    print_char(&p, ' ');
    print_signed(&p, 42);
    print_char(&p, ' ');
    print_hex(&p, 0);
    print_char(&p, ' ');
    print_hex(&p, 0x10);
    print_char(&p, ' ');
    print_hex(&p, UINT64_MAX);
    print_end(&p);
    CU_ASSERT_STRING_EQUAL(text, "0 18446744073709551615 -9223372036854775808 42 0x0 0x10 "
                                 "0xffffffffffffffff");
}

TEST(foreign_text, "control characters of foreign text")
{
    char text[64];
    struct print p;
    print_to_buffer(&p, text, sizeof(text));
    print_foreign(&p, "a\x1b[2J\n\0\x7f\x9b z\xc3\xa9", 13);
    print_end(&p);
    CU_ASSERT_STRING_EQUAL(text, "a\\x1b[2J\\x0a\\x00\\x7f\\x9b z\xc3\xa9");
}

TEST(cut_to_the_buffer, "what does not fit is cut")
{
    for (size_t size = 1; size <= 8; size++) {
        char text[16];
        memset(text, '#', sizeof(text));
        struct print p;
        print_to_buffer(&p, text, size);
        print_text(&p, "abcdef");
        print_end(&p);
        CU_ASSERT_EQUAL(strlen(text), size - 1 < 6 ? size - 1 : 6);
        CU_ASSERT(memcmp(text, "abcdef", strlen(text)) == 0);
        CU_ASSERT_EQUAL(text[size], '#');
    }
    struct print none;
    char untouched = '#';
    print_to_buffer(&none, &untouched, 0);
    print_text(&none, "abc");
    print_end(&none);
    CU_ASSERT_EQUAL(untouched, '#');
}

TEST(through_a_descriptor, "a small buffer before a descriptor")
{
    int ends[2];
    CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
    char buffer[5], text[64] = "";
    struct print p;
    print_to_fd(&p, ends[1], buffer, sizeof(buffer));
    print_text(&p, "longer than the buffer ");
    print_unsigned(&p, 1234567);
    print_end(&p);
    CU_ASSERT_EQUAL(read(ends[0], text, sizeof(text) - 1), 30);
    CU_ASSERT_STRING_EQUAL(text, "longer than the buffer 1234567");
    close(ends[0]);
    close(ends[1]);
}
