/* SPDX-License-Identifier: MIT
 *
 * Programs and libraries that bring an allocator of their own. The loader binds every module's
 * calls to the first definition in the order of loading, and a program comes before what is
 * preloaded.
 */
#include "process/own_allocator.h"

#include <dlfcn.h>
#include <elf.h>
#include <stdlib.h>

#include "base/notice.h"
#include "base/print.h"
#include "base/program.h"
#include "guard/guard.h"
#include "heap/heap.h"

enum { FUNCTIONS = 4, TEXT = 512 };

static const char *const names[FUNCTIONS] = {"malloc", "calloc", "realloc", "free"};

struct served {
    void *function[FUNCTIONS];
    bool foreign[FUNCTIONS];
    const char *module; /* of the first foreign one */
};

/* Ours cannot be named in C: that would be the definition the loader has chosen. */
static bool look_up(struct served *served)
{
    Dl_info own, program, info;
    bool found = false;
    if (!dladdr(&guard, &own) || !dladdr((void *)program_auxiliary(AT_ENTRY), &program))
        return false;
    for (int i = 0; i < FUNCTIONS; i++) {
        served->function[i] = dlsym(RTLD_DEFAULT, names[i]);
        if (!served->function[i] || !dladdr(served->function[i], &info) ||
            info.dli_fbase == own.dli_fbase)
            continue;
        served->foreign[i] = true;
        if (!found)
            served->module = info.dli_fbase == program.dli_fbase ? program_path() : info.dli_fname;
        found = true;
    }
    return found;
}

/* Whether `release` leaves a block of ours as it is. */
static bool keeps(void (*release)(void *), void *block)
{
    release(block);
    bool kept = heap_block_at((uintptr_t)block) != NULL;
    if (kept)
        free(block);
    return kept;
}

/* A function that only counts or logs, and calls the next one for the work, ends in our heap. So
 * does what a program that is not position-independent has in the place of a function whose address
 * it takes: its own way to call it. */
static void leave_out_wrappers(struct served *served)
{
    void *(*allocate)(size_t) = (void *(*)(size_t))served->function[0];
    void *(*allocate_zeroed)(size_t, size_t) = (void *(*)(size_t, size_t))served->function[1];
    void *(*resize)(void *, size_t) = (void *(*)(void *, size_t))served->function[2];
    void (*release)(void *) = (void (*)(void *))served->function[3];
    void *block = NULL;
    for (int i = 0; i < FUNCTIONS - 1; i++) {
        if (!served->foreign[i])
            continue;
        block = i == 0 ? allocate(1) : i == 1 ? allocate_zeroed(1, 1) : resize(NULL, 1);
        served->foreign[i] = !heap_owns((uintptr_t)block);
        /* What it is freed by may be seen at the same time. */
        if (heap_owns((uintptr_t)block) && served->foreign[3])
            served->foreign[3] = keeps(release, block);
        else
            release(block);
    }
    if (served->foreign[3] && !served->foreign[0]) {
        block = allocate(1);
        served->foreign[3] = block && keeps(release, block);
    }
}

static void put_names(struct print *p, const struct served *served)
{
    int left = 0;
    for (int i = 0; i < FUNCTIONS; i++)
        left += served->foreign[i];
    for (int i = 0; i < FUNCTIONS; i++) {
        if (!served->foreign[i])
            continue;
        print_text(p, names[i]);
        left--;
        print_text(p, left > 1 ? ", " : left ? " and " : " ");
    }
}

void own_allocator_check(void)
{
    static char text[TEXT];
    struct served served = {0};
    if (guard.passthrough || !look_up(&served))
        return;
    leave_out_wrappers(&served);
    bool foreign = false;
    for (int i = 0; i < FUNCTIONS; i++)
        foreign |= served.foreign[i];
    if (!foreign)
        return;
    struct print p;
    print_to_buffer(&p, text, sizeof(text));
    print_text(&p, served.module);
    print_text(&p, " brings ");
    put_names(&p, &served);
    print_text(&p, "of its own: what is allocated there is not guarded, and its leaks are not "
                   "searched");
    print_end(&p);
    notice_once(MMT_NOTE_INCOMPLETE, text);
}
