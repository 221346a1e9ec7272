/* SPDX-License-Identifier: MIT
 *
 * No bug: what the other samples do, done right.
 * mmguard: nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

__attribute__((noinline)) static char *copy_name(const char *name)
{
    char *copy = malloc(strlen(name) + 1);
    if (!copy)
        exit(1);
    return strcpy(copy, name);
}

__attribute__((noinline)) static wchar_t *title_of(const wchar_t *text)
{
    wchar_t *title = malloc((wcslen(text) + 1) * sizeof(wchar_t));
    if (!title)
        exit(1);
    return wcscpy(title, text);
}

__attribute__((noinline)) static char *keep_serial(unsigned long number)
{
    char *digits = malloc(14);
    if (!digits)
        exit(1);
    sprintf(digits, "%013lu", number);
    return digits;
}

__attribute__((noinline)) static void greet(const char *name)
{
    while (*name == ' ')
        name++;
    printf("hello %s\n", name);
}

int main(void)
{
    char *name = copy_name("  Ada King Lovelac"), *serial = keep_serial(4006381333931);
    wchar_t *title = title_of(L"Enter");
    int *queue = malloc(8 * sizeof(*queue));
    if (!queue)
        return 1;
    for (int i = 0; i < 8; i++)
        queue[i] = i;
    memmove(queue, queue + 1, 7 * sizeof(*queue));
    greet(name);
    printf("%s %ls %d\n", serial, title, queue[0]);
    free(queue);
    free(title);
    free(serial);
    free(name);
    return 0;
}
