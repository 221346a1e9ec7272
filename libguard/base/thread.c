/* SPDX-License-Identifier: MIT */
#include "base/thread.h"

#include <fcntl.h>
#include <stdatomic.h>

#include "base/bits.h"
#include "base/lock.h"
#include "base/own_memory.h"
#include "base/print.h"
#include "base/sys.h"

#define INFO_PAGES    4096
#define INFO_PER_PAGE 256

__thread struct thread *thread_current
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

static __thread bool thread_ended __attribute__((tls_model("initial-exec")));

static struct {
    struct thread *_Atomic first;
    struct thread_info *pages[INFO_PAGES];
    _Atomic uint32_t count;
    uint32_t first_own;
    struct thread spare;
    struct thread_info spare_info;
} threads = {.first_own = 1};

static struct thread_info *info_new(void)
{
    uint32_t id = atomic_load(&threads.count) + 1;
    uint32_t page = (id - 1) / INFO_PER_PAGE;
    if (page >= INFO_PAGES)
        return NULL;
    if (!threads.pages[page])
        threads.pages[page] = own_alloc(INFO_PER_PAGE * sizeof(struct thread_info));
    if (!threads.pages[page])
        return NULL;
    struct thread_info *info = &threads.pages[page][(id - 1) % INFO_PER_PAGE];
    info->id = id;
    atomic_store_explicit(&threads.count, id, memory_order_release);
    return info;
}

static struct thread *record_for(int32_t tid)
{
    for (struct thread *t = atomic_load(&threads.first); t; t = t->next) {
        if (atomic_load(&t->owner))
            continue;
        atomic_store(&t->owner, tid);
        return t;
    }
    struct thread *record = own_alloc(sizeof(*record));
    if (!record)
        return NULL;
    atomic_store(&record->owner, tid);
    record->next = atomic_load(&threads.first);
    atomic_store_explicit(&threads.first, record, memory_order_release);
    return record;
}

NOINLINE struct thread *thread_register(void)
{
    uint64_t mask = lock_enter(LOCK_THREADS);
    struct thread *self = thread_current; /* a signal handler may have come first */
    if (!self) {
        int32_t tid = sys_gettid();
        struct thread_info *info = thread_ended ? NULL : info_new();
        self = info ? record_for(tid) : NULL;
        if (self) {
            info->tid = tid;
            info->main = tid == sys_getpid();
            self->info = info;
            self->stack_limit = 0;
            self->capturing = 0;
            self->signal_stack = 0;
            self->last_block = 0;
            self->slot[THREAD_SLOT_ENTRY] = NULL;
            __asm__("mov %%fs:0, %0" : "=r"(self->thread_pointer));
            info->thread_pointer = self->thread_pointer;
        } else {
            threads.spare.info = &threads.spare_info;
            threads.spare.slot[THREAD_SLOT_ENTRY] = &threads.spare;
            self = &threads.spare;
        }
        thread_current = self;
    }
    lock_leave(LOCK_THREADS, mask);
    return self;
}

bool thread_is_spare(const struct thread *thread)
{
    return thread == &threads.spare;
}

void thread_end(void)
{
    uint64_t mask = lock_enter(LOCK_THREADS);
    struct thread *self = thread_current;
    if (self && self != &threads.spare) {
        thread_refresh_name(self->info);
        self->info->ended = true;
        thread_ended = true;
        thread_current = NULL;
        atomic_store_explicit(&self->owner, 0, memory_order_release);
    }
    lock_leave(LOCK_THREADS, mask);
}

struct thread *thread_first(void)
{
    return atomic_load_explicit(&threads.first, memory_order_acquire);
}

struct thread_info *thread_info_get(uint32_t id)
{
    if (id == 0 || id > thread_count())
        return NULL;
    return &threads.pages[(id - 1) / INFO_PER_PAGE][(id - 1) % INFO_PER_PAGE];
}

uint32_t thread_count(void)
{
    return atomic_load_explicit(&threads.count, memory_order_acquire);
}

void thread_refresh_name(struct thread_info *info)
{
    char path[64], name[32];
    struct print p;
    print_to_buffer(&p, path, sizeof(path));
    print_text(&p, "/proc/self/task/");
    print_unsigned(&p, (uint64_t)info->tid);
    print_text(&p, "/comm");
    print_end(&p);
    long length = sys_read_file(path, name, sizeof(name));
    if (length <= 0)
        return;
    size_t used = 0;
    while (used < sizeof(info->name) - 1 && name[used] && name[used] != '\n') {
        info->name[used] = name[used];
        used++;
    }
    info->name[used] = 0;
}

void thread_after_fork(void)
{
    struct thread *self = thread_self();
    uint32_t parents = thread_count();
    for (uint32_t id = 1; id <= parents; id++)
        thread_info_get(id)->ended = true;
    for (struct thread *t = thread_first(); t; t = t->next)
        if (t != self)
            atomic_store(&t->owner, 0);
    if (self == &threads.spare)
        return;
    uint64_t mask = lock_enter(LOCK_THREADS);
    struct thread_info *info = info_new();
    if (info) {
        info->tid = sys_gettid();
        info->main = true;
        self->info = info;
        atomic_store(&self->owner, info->tid);
    }
    threads.first_own = parents + 1;
    lock_leave(LOCK_THREADS, mask);
}

uint32_t thread_first_own(void)
{
    return threads.first_own;
}
