// SPDX-License-Identifier: MIT
//
// Every kind of error once, each in a function of its own, by inline accesses and library calls, of structures and arrays, char and wchar_t, through
// threads, realloc and aligned memory. FIXED makes the corrected twin: the same program, of which nothing is reported.
#include "wipe.h"
#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <wchar.h>

#ifdef FIXED
#define BAD(bad, good) good
#else
#define BAD(bad, good) bad
#endif

#ifdef __cplusplus
#define MAKE(type, count) new type[count]
#define DROP(array)       delete[](array)
#else
#define MAKE(type, count) (type *)malloc((count) * sizeof(type))
#define DROP(array)       free(array)
#endif

struct record {
    int id;
    char name[8];
    wchar_t title[4];
    int tail;
};

static volatile long sink;
static volatile int three = 3; // what an index is made of, so that no compiler looks through it

static void overflow_array(void)
{
    volatile int *array = MAKE(int, 16);
    array[BAD(13, 12) + three] = 1;
    DROP((int *)array);
}

static void overflow_struct(void)
{
    struct record *records = MAKE(struct record, 4);
    records[0].id = records[3].id = 1;
    sink += records[BAD(1, 0) + three].id;
    DROP(records);
}

static void overflow_wide(void)
{
    volatile wchar_t *text = MAKE(wchar_t, 8);
    text[BAD(5, 4) + three] = L'x';
    DROP((wchar_t *)text);
}

static void overflow_call(void)
{
    char *text = MAKE(char, 10), source[20] = "0123456789";
    memcpy(text, source, BAD(8, 7) + three);
    DROP(text);
}

static void overflow_call_wide(void)
{
    wchar_t *text = MAKE(wchar_t, 5);
    wcscpy(text, BAD(L"01234", L"0123"));
    DROP(text);
}

static void overread_call(void)
{
    char *text = MAKE(char, 10), copy[20];
    memset(text, 'x', 10);
    text[9] = BAD('x', 0);
    sink += strlen(text);
    DROP(text);
}

static void underflow_write(void)
{
    volatile char *page = MAKE(char, 4096);
    page[BAD(-4, -3) + three] = 1;
    DROP((char *)page);
}

static void underflow_read(void)
{
    char *text = MAKE(char, 4096);
    text[0] = 1;
    sink += memchr(text + BAD(-4, -3) + three, 1, 8) != NULL;
    DROP(text);
}

static void freed_write(void)
{
    struct record *record = MAKE(struct record, 1);
    volatile char *field = &record->name[3]; // at the end of a word, where the compact heap's poison is the same in each run
    BAD(DROP(record), (void)0);
    *field = 1;
    BAD((void)0, DROP(record));
}

static void *drop_in_thread(void *array)
{
    DROP((long *)array);
    return NULL;
}

static void freed_read(void)
{
    long *array = MAKE(long, 4);
    pthread_t thread;
    array[1] = 1;
    BAD((void)0, sink += array[1]);
    pthread_create(&thread, NULL, drop_in_thread, array);
    pthread_join(thread, NULL);
    BAD(sink += array[1], (void)0);
}

static void *write_in_thread(void *array)
{
    ((volatile long *)array)[BAD(1, 0) + three] = 1;
    return NULL;
}

static void overflow_thread(void)
{
    long *array = MAKE(long, 4);
    pthread_t thread;
    pthread_create(&thread, NULL, write_in_thread, array);
    pthread_join(thread, NULL);
    DROP(array);
}

static void overflow_reallocated(void)
{
    char *array = (char *)malloc(16);
    array = (char *)realloc(array, 48);
    ((volatile char *)array)[BAD(45, 44) + three] = 1;
    free(array);
}

static void overflow_aligned(void)
{
    volatile char *array = (char *)aligned_alloc(64, 64);
    array[BAD(61, 60) + three] = 1;
    free((void *)array);
}

static void twice_freed(void)
{
    char *array = MAKE(char, 10);
    DROP(array);
    BAD(DROP(array), (void)0);
}

static void wrong_pointers(void)
{
    char stack[100], *array = MAKE(char, 100);
    char *volatile pointer = BAD(stack, NULL);
    DROP(pointer);
    pointer = BAD(array + 7, NULL);
    DROP(pointer);
    DROP(array);
}

static void reallocated_freed(void)
{
    char *array = (char *)malloc(10);
    BAD(free(array), (void)0);
    array = (char *)realloc(array, 20);
    free(array);
}

static void damage(void)
{
    volatile char *array = MAKE(char, 20);
    array[BAD(18, 16) + three] = 1;
    DROP((char *)array);
}

static void wrong_sizes(void)
{
    volatile size_t size = BAD(-5, 5), count = BAD(SIZE_MAX / 4, 4);
    free(malloc(size));
    free(calloc(count, 8));
}

static void wild(void)
{
    volatile char *array = MAKE(char, 10);
    array[0] = 1;
    sink += array[BAD((size_t)100 << 20, 0)];
    DROP((char *)array);
}

static void overlapping(void)
{
    char *array = MAKE(char, 100);
    memset(array, 'x', 100);
    BAD(memcpy, memmove)(array, array + 10, 50);
    DROP(array);
}

static void null_pointer(void)
{
    static int good;
    volatile int *volatile pointer = BAD((int *)NULL, &good);
    *pointer = 1;
}

static void wild_pointer(void)
{
    static int good;
    volatile int *volatile pointer = BAD((int *)0x4141414141414141, &good);
    *pointer = 1;
}

// One instruction touches the fresh pages: which instruction of a recursion comes first to the end depends on where the stack starts.
static void stack_overflow(void)
{
    if (BAD(1, 0))
        __asm__ volatile("1: sub $4096, %rsp\n movl $1, (%rsp)\n jmp 1b");
}

// In a child, which it ends.
static void deadly(void (*function)(void))
{
    int status;
    pid_t child = fork();
    if (!child) {
        function();
        _exit(0);
    }
    waitpid(child, &status, 0);
    REQUIRE(BAD(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, status == 0));
}

static void every_kind(void)
{
    struct rlimit limit = {4 << 20, 4 << 20};
    overflow_array();
    overflow_struct();
    overflow_wide();
    overflow_call();
    overflow_call_wide();
    overread_call();
    underflow_write();
    underflow_read();
    freed_write();
    freed_read();
    overflow_thread();
    overflow_reallocated();
    overflow_aligned();
    twice_freed();
    wrong_pointers();
    reallocated_freed();
    damage();
    wrong_sizes();
    wild();
    overlapping();
    setrlimit(RLIMIT_STACK, &limit);
    deadly(null_pointer);
    deadly(wild_pointer);
    deadly(stack_overflow);
}
