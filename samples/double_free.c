/* SPDX-License-Identifier: MIT
 *
 * Bug: a session's buffer is freed when the session is closed, and again when it is destroyed.
 * mmguard: a double free in session_destroy of a 64-byte block that session_open allocated and session_close freed.
 */
#include <stdio.h>
#include <stdlib.h>

struct session {
    char *buffer;
    int open;
};

__attribute__((noinline)) void session_open(struct session *session)
{
    session->buffer = malloc(64);
    if (!session->buffer)
        exit(1);
    session->open = 1;
}

__attribute__((noinline)) void session_close(struct session *session)
{
    free(session->buffer);
    session->open = 0;
    /* should set session->buffer to NULL */
}

__attribute__((noinline)) void session_destroy(struct session *session)
{
    free(session->buffer);
}

int main(void)
{
    struct session session;
    session_open(&session);
    session_close(&session);
    puts("closed");
    fflush(stdout);
    session_destroy(&session);
    return 0;
}
