/* SPDX-License-Identifier: MIT */
#include "diag/address_words.h"

#include "base/bits.h"
#include "base/maps.h"
#include "base/print.h"
#include "base/thread.h"
#include "stack/modules.h"

static void print_name(struct print *p, const char *path)
{
    const char *name = last_component(path);
    print_foreign(p, name, text_length(name));
}

/* The thread whose stack or thread-local variables the mapping holds: libc puts both into one, but
 * for the main thread. */
static const struct thread *thread_in(const struct maps_entry *entry)
{
    for (const struct thread *t = thread_first(); t; t = t->next)
        if (t->thread_pointer >= entry->start && t->thread_pointer < entry->end && t->info &&
            !t->info->ended)
            return t;
    return NULL;
}

static uint32_t main_thread(void)
{
    for (const struct thread *t = thread_first(); t; t = t->next)
        if (t->info && t->info->main)
            return t->info->id;
    return 1;
}

static enum address_place in_thread(struct print *p, const char *what, uint32_t thread)
{
    print_text(p, what);
    print_unsigned(p, thread);
    return PLACE_STACK;
}

static enum address_place address_words_describe(struct print *p, uintptr_t address)
{
    struct maps_entry entry;
    char path[256];
    const struct module *module = modules_get(modules_find(address));
    if (module) {
        print_text(p, "in a global variable, constant or code of ");
        print_name(p, module->path);
        return PLACE_STATIC;
    }
    if (!maps_find(address, &entry, path, sizeof(path))) {
        print_text(p, "not mapped");
        return PLACE_UNMAPPED;
    }
    if (text_equal(path, "[heap]")) {
        print_text(p, "in the heap of libc's own allocator");
        return PLACE_LIBC_HEAP;
    }
    if (text_equal(path, "[stack]"))
        return in_thread(p, "on the stack of thread ", main_thread());
    const struct thread *thread = path[0] ? NULL : thread_in(&entry);
    /* A mapping of the program's may touch the one of the first thread's variables, and the kernel
     * then shows them as one. */
    if (thread && address < thread->thread_pointer &&
        (!thread->info->main || thread->thread_pointer - address < PAGE_SIZE))
        return in_thread(p,
                         thread->info->main ? "in a thread-local variable of thread "
                                            : "on the stack of thread ",
                         thread->info->id);
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (here >= entry.start && address > here && address < entry.end) {
        print_text(p, "on the present stack");
        return PLACE_STACK;
    }
    print_text(p, path[0] ? "in a mapping of " : "in a mapping that is not of this heap");
    if (path[0])
        print_name(p, path);
    return PLACE_MAPPING;
}

enum address_place address_words(uintptr_t address, char *text, size_t size)
{
    struct print p;
    print_to_buffer(&p, text, size);
    enum address_place place = address_words_describe(&p, address);
    print_end(&p);
    return place;
}
