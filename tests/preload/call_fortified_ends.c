// SPDX-License-Identifier: MIT
// Reported, each before libc ends the process: heap-buffer-overflow-write in gethostname, confstr, getgroups, poll, fread_unlocked, mbsnrtowcs
// and wcsnrtombs. The same calls with a size that fits are none.
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#include "wipe.h"

// What the compiler makes of the calls where it knows how large the block is.
extern int __gethostname_chk(char *to, size_t size, size_t room);
extern size_t __confstr_chk(int name, char *to, size_t size, size_t room);
extern int __getgroups_chk(int count, gid_t *list, size_t room);
extern int __poll_chk(struct pollfd *array, nfds_t count, int patience, size_t room);
extern size_t __fread_unlocked_chk(void *to, size_t room, size_t size, size_t count, FILE *stream);
extern size_t __mbsnrtowcs_chk(wchar_t *to, const char **from, size_t bytes, size_t most, mbstate_t *state, size_t room);
extern size_t __wcsnrtombs_chk(char *to, const wchar_t **from, size_t characters, size_t most, mbstate_t *state, size_t room);

enum { ROOM = 80, CALLS = 7 };

static void call(int number, void *block, size_t scale)
{
    const char *text = "text";
    const wchar_t *wide = L"text";
    mbstate_t state = {0};
    FILE *file = fopen("/proc/self/exe", "r");
    switch (number) {
    case 0:
        __gethostname_chk(block, ROOM * scale, ROOM);
        break;
    case 1:
        __confstr_chk(_CS_PATH, block, ROOM * scale, ROOM);
        break;
    case 2:
        __getgroups_chk(ROOM / sizeof(gid_t) * scale, block, ROOM);
        break;
    case 3:
        __poll_chk(memset(block, 255, ROOM), ROOM / sizeof(struct pollfd) * scale, 0, ROOM);
        break;
    case 4:
        __fread_unlocked_chk(block, ROOM, 1, ROOM * scale, file);
        break;
    case 5:
        __mbsnrtowcs_chk(block, &text, 5, ROOM / sizeof(wchar_t) * scale, &state, ROOM / sizeof(wchar_t));
        break;
    case 6:
        __wcsnrtombs_chk(block, &wide, 5, ROOM * scale, &state, ROOM);
        break;
    }
    fclose(file);
}

int main(void)
{
    setenv("LIBC_FATAL_STDERR_", "1", 1); // and not to a terminal
    for (int i = 0; i < 2 * CALLS; i++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            void *block = malloc(ROOM);
            call(i / 2, block, 1 + i % 2);
            free(block);
            _exit(0);
        }
        waitpid(child, &status, 0);
        say(WIFSIGNALED(status) ? "aborted" : "went on");
    }
    return 0;
}
