/* SPDX-License-Identifier: MIT
 *
 * What libguard knows of each thread. The record is found through one pointer in TLS (initial-exec,
 * so that reaching it never allocates); the record itself is our own memory. Records are made at
 * the first call a thread makes into libguard, before or after initialisation, inside a signal
 * handler too, and are reused when the thread has ended; what reports need afterwards is kept in a
 * `struct thread_info` that is never reused.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kept for the whole run, one for each thread there ever was. */
struct thread_info {
    uint32_t id; /* dense, from 1 */
    int32_t tid; /* the kernel's */
    uint32_t creator; /* id of the thread that created it; 0 if not known */
    uint32_t creation_stack;
    uintptr_t thread_pointer; /* fs base; what is there may be gone when the thread has ended */
    bool main, ended;
    char name[16]; /* as last seen; thread_refresh_name() */
};

/* memory a layer keeps per thread; allocated and understood by that layer only */
enum thread_slot {
    THREAD_SLOT_STACK,
    THREAD_SLOT_HEAP,
    THREAD_SLOT_LEAK,
    THREAD_SLOT_ENTRY, /* cleared when the record changes hands */
    THREAD_SLOT_ENTRY_KEPT, /* goes with the record to the next thread */
    THREAD_SLOTS,
};

struct thread {
    struct thread_info *info;
    struct thread *next; /* list of all records, never shortened */
    _Atomic int32_t owner; /* tid of the thread that uses the record; 0: none */
    uintptr_t thread_pointer; /* fs base */
    /* Highest address of the stack that may be read, exclusive; 0: not found out yet. */
    uintptr_t stack_limit;
    /* The alternate signal stack that the program registered; 0: none. */
    uintptr_t signal_stack;
    uintptr_t last_block; /* the block that the thread allocated last */
    uintptr_t capturing; /* rsp where the capture of a stack is under way; 0: none is */
    void *slot[THREAD_SLOTS];
};

extern __thread struct thread *thread_current
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

struct thread *thread_register(void);

/* The calling thread's record. Never NULL: threads that have no record of their own (no memory, or
 * after thread_end()) share a spare one with id 0, in which every slot is set that a prepared
 * thread has. Signal-safe. */
static inline struct thread *thread_self(void)
{
    struct thread *self = thread_current;
    return __builtin_expect(self != NULL, 1) ? self : thread_register();
}

/* Whether `thread` is the record that several threads may share. */
bool thread_is_spare(const struct thread *thread);

/* Says that the calling thread ends: its record may be given to another thread. Calls it makes into
 * libguard after this, from destructors that run later, use the spare record. */
void thread_end(void);

/* First record of the list; follow `next`. Lock-free: may be walked with the world stopped. */
struct thread *thread_first(void);

/* By id; NULL if there is none. Lock-free. */
struct thread_info *thread_info_get(uint32_t id);
/* Ids in use: 1 .. thread_count(). */
uint32_t thread_count(void);

/* Asks the kernel for the thread's name. Only for threads of this process that have not ended. */
void thread_refresh_name(struct thread_info *info);

/* In a forked child, by its only thread: a new id for it; every other thread is marked as ended.
 * Blocks whose thread id is below thread_first_own() were inherited from the parent. */
void thread_after_fork(void);
uint32_t thread_first_own(void);

/* Whether thread `id` was one of the parent's before the fork. The unknown thread, 0, counts as
 * ours. */
static inline bool thread_is_inherited(uint32_t id)
{
    return id && id < thread_first_own();
}

#endif
