// SPDX-License-Identifier: MIT
// Nothing is reported: texts without an end that are read no further than their block, and conversions that just fit, whatever the function may use at most.
#include "wipe.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <locale.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <wchar.h>

static int print(char *to, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int result = vsprintf(to, format, list);
    va_end(list);
    return result;
}

static void printing(const char *text, const wchar_t *wide, char *line)
{
    wchar_t wide_line[100];
    void *pointer = (void *)text;
    REQUIRE(sprintf(line, "%.5s|%.*s|%3.2s", text, 4, text, text) == 14);
    REQUIRE(print(line, "%s %*.*f %Lg %zu %hhd %jx %td %c %p%%s%m", "", 5, 1, 1.5, 2.5L, (size_t)1,
                  3, (intmax_t)4, (ptrdiff_t)5, 'x', pointer) > 20);
    REQUIRE(sprintf(line, "%.5ls", wide) == 5);
    REQUIRE(swprintf(wide_line, 100, L"%.5ls %.5s", wide, text) == 11);
    REQUIRE(sprintf(line, "%2$s %1$d", 1, "two") == 5);
    REQUIRE(sprintf(line, "%.0s", (char *)NULL) == 0);
    REQUIRE(printf(NULL) == -1 && sscanf("1", NULL) == -1);
}

static void scanning(char *block, wchar_t *wide)
{
    int number;
    short *two = malloc(2);
    char *allocated;
    REQUIRE(sscanf("0123", "%s", block) == 1);
    REQUIRE(sscanf("0123456", "%4s", block) == 1);
    REQUIRE(sscanf("01234 6", "%5c%d", block, &number) == 2 && number == 6);
    REQUIRE(sscanf("]01x", "%[]0-9]%n", block, &number) == 1 && number == 3);
    REQUIRE(sscanf("7", "%hd", two) == 1 && *two == 7);
    REQUIRE(sscanf("x", "%*d%s", block) == 0);
    REQUIRE(sscanf("0123", "%ls", wide) == 1);
    REQUIRE(sscanf("a long text", "%m[a-z ]", &allocated) == 1);
    /* Less than the field is enough; glibc 2.42 and later want all nine. */
    REQUIRE(sscanf("01234", "%9c", block) <= 1);
    REQUIRE(sscanf("ab cde", "%2s %3c", block, block + 2) ==
            2); /* writes over the end of the first */
    free(allocated);
    free(two);
}

static void numbers(char *block)
{
    char *infinity = memcpy(malloc(8), "infinity", 8), *unset = block;
    REQUIRE(strtod(infinity, NULL) > 1e300 && strtod(memcpy(infinity, " nan(12)", 8), NULL) != 0);
    free(infinity);
    REQUIRE(strtol("1", &unset, 1) == 0 && unset == block);
    REQUIRE(strtol(memcpy(block, "1234", 5), &unset, 1) == 0 && unset == block);
    memcpy(block, "1234x", 5);
    REQUIRE(strtol(block, NULL, 10) == 1234 && strtod(block, NULL) == 1234 && atoi(block) == 1234);
    memcpy(block, " -0x ", 5);
    REQUIRE(strtol(block, NULL, 16) == 0);
}

static void converting(char *block, wchar_t *wide)
{
    struct tm day = {.tm_year = 100, .tm_mday = 1};
    char address[4], *text = malloc(5);
    wchar_t *characters = calloc(5, sizeof(*characters));
    memset(text, 'x', 5);
    wmemset(characters, L'x', 5);
    REQUIRE(mbstowcs(wide, "0123", 100) == 4 && mbstowcs(wide, text, 5) == 5);
    REQUIRE(wcstombs(block, L"0123", 100) == 4 && wcstombs(block, characters, 5) == 5);
    REQUIRE(wcstombs(block, L"012\u00e4", 5) == 5 && wcstombs(block, L"0123\u00e4", 5) == 4);
    /* Nothing is written for what is no character, or does not fit. */
    REQUIRE(wcstombs(block, L"01234\xdfff", 100) == (size_t)-1);
    REQUIRE(wcstombs(block, L"\xdfff", (size_t)-1) != 1);
    REQUIRE(wcstombs(block, L"01234\u00e4", 6) == 5);
    REQUIRE(strxfrm(block, "a", 5) < 100);
    REQUIRE(strftime(block, 5, "%Y", &day) == 4 && strftime(block, 100, "%Y", &day) == 4);
    REQUIRE(strftime(block, 5, "%Y-%m", &day) == 0);
    REQUIRE(inet_pton(AF_INET, "1.2.3.4", address) == 1 && inet_pton(AF_INET6, "x", block) == 0);
    free(text);
    text = malloc(8);
    REQUIRE(inet_ntop(AF_INET, address, text, 100) == text &&
            !inet_ntop(AF_INET, address, text, 4));
    strcpy(text, "/a/bcde");
    REQUIRE(strcmp(basename(text), "bcde") == 0 && strcmp(dirname(text), "/a") == 0);
    free(text);
    free(characters);
}

/* Of a path that is too long no more is read than the kernel takes. */
static void paths(void)
{
    struct stat status;
    char *path = malloc(PATH_MAX);
    memset(path, 'x', PATH_MAX);
    REQUIRE(open(path, O_RDONLY) == -1 && errno == ENAMETOOLONG);
    REQUIRE(stat(path, &status) == -1 && errno == ENAMETOOLONG);
    free(path);
}

/* More than there may be descriptors is refused before it is looked at. */
static void polling(void)
{
    struct rlimit limit;
    struct pollfd *one = malloc(sizeof(*one));
    REQUIRE(!getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = 16;
    REQUIRE(!setrlimit(RLIMIT_NOFILE, &limit));
    REQUIRE(poll(one, 17, 0) == -1 && errno == EINVAL);
    free(one);
}

int main(void)
{
    char *block = malloc(5), line[200];
    wchar_t *wide = calloc(5, sizeof(*wide));
    setlocale(LC_ALL, "C.UTF-8");
    memset(block, 'x', 5);
    wmemset(wide, L'x', 5);
    printing(block, wide, line);
    scanning(block, wide);
    numbers(block);
    converting(block, wide);
    paths();
    polling();
    say("after");
    free(block);
    free(wide);
    return 0;
}
