/* SPDX-License-Identifier: MIT
 *
 * matrix HOW WHEN: ends in one of the ways a process can end, with an error at one of the times
 * there are on the way. Each way ends bare with status 0, or by a signal. What it prints is "out"
 * and, where the program has written to a stream of its own, "text".
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 5 };

static const char *how, *when;
static char *freed[THREADS];
static pthread_barrier_t all_here;

static int is(const char *word)
{
    return strcmp(when, word) == 0;
}

static void wrong(void)
{
    ((volatile char *)freed[0])[1] = 1;
}

__attribute__((destructor)) static void in_destructor(void)
{
    if (when && is("destructor"))
        wrong();
}

static ssize_t while_written_out(void *unused, const char *text, size_t length)
{
    wrong();
    return write(STDOUT_FILENO, text, length);
}

/* libc writes it out after all handlers and destructors. */
static void leave_text_in_stream(void)
{
    static const cookie_io_functions_t functions = {.write = while_written_out};
    FILE *stream = fopencookie(NULL, "w", functions);
    setvbuf(stream, NULL, _IOFBF, 100);
    fputs("text\n", stream);
}

/* At the same time as the process ends, and each at a block of its own: how many are seen is open.
 */
static void *beside(void *block)
{
    pthread_barrier_wait(&all_here);
    ((volatile char *)block)[1] = 1;
    while (!strstr(how, "-thread"))
        pause();
    return NULL;
}

static void *in_thread(void *unused)
{
    wrong();
    return NULL;
}

static void prepare(void)
{
    pthread_t thread;
    if (is("before"))
        wrong();
    else if (is("atexit"))
        atexit(wrong);
    else if (is("at_quick_exit"))
        at_quick_exit(wrong);
    else if (is("thread")) {
        pthread_create(&thread, NULL, in_thread, NULL);
        pthread_join(thread, NULL);
    } else if (is("after")) {
        leave_text_in_stream();
    } else if (is("beside")) {
        pthread_barrier_init(&all_here, NULL, THREADS + 1);
        for (int i = 0; i < THREADS; i++)
            pthread_create(&thread, NULL, beside, freed[i]);
        pthread_barrier_wait(&all_here);
    }
}

static void *last_thread(void *main_thread)
{
    pthread_join(*(pthread_t *)main_thread, NULL);
    return NULL;
}

int main(int count, char **arguments)
{
    static pthread_t self, thread;
    how = arguments[1];
    when = arguments[2];
    for (int i = 0; i < THREADS; i++)
        freed[i] = malloc(16 + i);
    for (int i = 0; i < THREADS; i++)
        free(freed[i]);
    puts("out");
    fflush(stdout);
    if (!strcmp(how, "daemon") && daemon(1, 1))
        return 1;
    prepare();
    if (!strcmp(how, "exit"))
        exit(0);
    if (!strcmp(how, "_exit"))
        _exit(0);
    if (!strcmp(how, "quick_exit"))
        quick_exit(0);
    if (!strcmp(how, "abort"))
        abort();
    if (!strcmp(how, "exec"))
        execl("/bin/true", "true", NULL);
    if (!strcmp(how, "signal"))
        raise(SIGTERM);
    if (!strcmp(how, "SIGKILL"))
        raise(SIGKILL);
    if (!strcmp(how, "only-thread"))
        pthread_exit(NULL);
    if (!strcmp(how, "last-thread")) {
        self = pthread_self();
        pthread_create(&thread, NULL, last_thread, &self);
        pthread_exit(NULL);
    }
    return 0;
}
