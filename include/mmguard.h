/* SPDX-License-Identifier: MIT
 *
 * What a program can ask of libguard while it runs guarded. A program that includes this header
 * needs no library: without libguard every function does nothing and returns 0, or what it says.
 * All may be called at any time, from any thread; those marked [signal] from a signal handler too.
 */
#ifndef MMGUARD_H
#define MMGUARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Live blocks by how they can be reached; bytes as asked for. */
struct mmguard_leaks {
    uint64_t definite_blocks, definite_bytes; /* nothing points to them */
    uint64_t indirect_blocks, indirect_bytes; /* only leaked blocks point to them */
    uint64_t possible_blocks, possible_bytes; /* only pointers into their middle lead to them */
    uint64_t reachable_blocks, reachable_bytes;
};

/* An error, as it is reported. Valid during the call only. */
struct mmguard_error {
    const char *kind; /* "use-after-free-read"; libguard(7) lists them */
    uint32_t id; /* its number in the process, from 1 */
    uint32_t cwe;
    uintptr_t address; /* the address at fault */
    size_t size; /* bytes accessed or asked for; 0 if not known */
    uintptr_t block; /* start of the block it is about; 0 if none is known */
    size_t block_size;
};

enum mmguard_place {
    MMGUARD_UNKNOWN, /* not the heap's, or libguard is not there */
    MMGUARD_LIVE, /* in a block that lives */
    MMGUARD_FREED, /* in a block that was freed */
    MMGUARD_BESIDE, /* outside of every block, near the one that is described */
    MMGUARD_PIECE, /* in a piece of a pool */
};

/* The functions themselves, which libguard has; weak, so that they may be missing. Call those
 * without the underscores. */
#define MMGUARD_WEAK __attribute__((weak))
extern int __mmguard_check_leaks(struct mmguard_leaks *leaks) MMGUARD_WEAK;
extern int __mmguard_report_leaks(void) MMGUARD_WEAK;
extern int __mmguard_snapshot(const char *label) MMGUARD_WEAK;
extern void __mmguard_ignore(const void *block) MMGUARD_WEAK;
extern void __mmguard_ignore_begin(void) MMGUARD_WEAK;
extern void __mmguard_ignore_end(void) MMGUARD_WEAK;
extern int __mmguard_add_root(const void *start, size_t size) MMGUARD_WEAK;
extern int __mmguard_remove_root(const void *start, size_t size) MMGUARD_WEAK;
extern int __mmguard_pool_alloc(const void *piece, size_t size) MMGUARD_WEAK;
extern int __mmguard_pool_free(const void *piece) MMGUARD_WEAK;
extern size_t __mmguard_pool_reset(const void *start, size_t size) MMGUARD_WEAK;
extern enum mmguard_place __mmguard_describe(const void *pointer, char *text,
                                             size_t size) MMGUARD_WEAK;
extern unsigned __mmguard_check_slack(void) MMGUARD_WEAK;
extern void __mmguard_on_error(void (*callback)(const struct mmguard_error *error, void *argument),
                               void *argument) MMGUARD_WEAK;

/* The address of one of them, or NULL. Taken from the table that the dynamic linker fills, since
 * code for fixed addresses would have the linker decide that there is none. */
#if defined(__x86_64__) && defined(__GNUC__)
#define MMGUARD_FUNCTION(name)                                                                     \
    (__extension__({                                                                               \
        __typeof__(&name) mmguard_function_;                                                       \
        __asm__(".weak " #name "\n\tmovq " #name "@GOTPCREL(%%rip), %0"                            \
                : "=r"(mmguard_function_));                                                        \
        mmguard_function_;                                                                         \
    }))
#else
#define MMGUARD_FUNCTION(name) (&name)
#endif

/* 1 if the program runs guarded. [signal] */
static inline int mmguard_active(void)
{
    return MMGUARD_FUNCTION(__mmguard_check_leaks) != NULL;
}

/* Looks for leaks now and counts them into *leaks, which may be NULL. 1 if that worked; 0 if not,
 * with all counts 0: then nothing is known. */
static inline int mmguard_check_leaks(struct mmguard_leaks *leaks)
{
    static const struct mmguard_leaks none = {0, 0, 0, 0, 0, 0, 0, 0};
    if (leaks)
        *leaks = none;
    return MMGUARD_FUNCTION(__mmguard_check_leaks) ? MMGUARD_FUNCTION(__mmguard_check_leaks)(leaks)
                                                   : 0;
}

/* Looks for leaks now and reports them as at the program's end, where they are reported again. 1 if
 * there are any of the kinds that count (option leak_kinds). */
static inline int mmguard_report_leaks(void)
{
    return MMGUARD_FUNCTION(__mmguard_report_leaks) ? MMGUARD_FUNCTION(__mmguard_report_leaks)()
                                                    : 0;
}

/* Writes a trace of this moment, mmguard-<program>-<pid>-snapshot-<number>.mmg, with all live
 * blocks and leaks. `label`, at most 255 bytes, is kept in it. 1 if it was written. */
static inline int mmguard_snapshot(const char *label)
{
    return MMGUARD_FUNCTION(__mmguard_snapshot) ? MMGUARD_FUNCTION(__mmguard_snapshot)(label) : 0;
}

/* The block that `block` points to or into is not a leak, nor is anything that it leads to. Not
 * passed on to what realloc() returns. */
static inline void mmguard_ignore(const void *block)
{
    if (MMGUARD_FUNCTION(__mmguard_ignore))
        MMGUARD_FUNCTION(__mmguard_ignore)(block);
}

/* The same for every block that the calling thread allocates between these two; they nest.
 * [signal] */
static inline void mmguard_ignore_begin(void)
{
    if (MMGUARD_FUNCTION(__mmguard_ignore_begin))
        MMGUARD_FUNCTION(__mmguard_ignore_begin)();
}
static inline void mmguard_ignore_end(void)
{
    if (MMGUARD_FUNCTION(__mmguard_ignore_end))
        MMGUARD_FUNCTION(__mmguard_ignore_end)();
}

/* Memory where pointers are that libguard cannot find by itself, such as a mapping that is not
 * always accessible. 1 if it was entered or taken out. A range is taken out as it was entered. */
static inline int mmguard_add_root(const void *start, size_t size)
{
    return MMGUARD_FUNCTION(__mmguard_add_root) ? MMGUARD_FUNCTION(__mmguard_add_root)(start, size)
                                                : 0;
}
static inline int mmguard_remove_root(const void *start, size_t size)
{
    return MMGUARD_FUNCTION(__mmguard_remove_root)
               ? MMGUARD_FUNCTION(__mmguard_remove_root)(start, size)
               : 0;
}

/* For an allocator of the program's own. A piece that it hands out counts as a block of its own in
 * the search for leaks, allocated here, until it is freed. Pieces do not overlap. They may lie in
 * blocks of malloc, which then are not reported themselves, or in other memory. Accesses to them
 * are not checked. 1 if it was entered, or was there. [signal] */
static inline int mmguard_pool_alloc(const void *piece, size_t size)
{
    return MMGUARD_FUNCTION(__mmguard_pool_alloc)
               ? MMGUARD_FUNCTION(__mmguard_pool_alloc)(piece, size)
               : 0;
}
static inline int mmguard_pool_free(const void *piece)
{
    return MMGUARD_FUNCTION(__mmguard_pool_free) ? MMGUARD_FUNCTION(__mmguard_pool_free)(piece) : 0;
}
/* Frees all pieces that begin in the range; how many those were. Takes time in proportion to all
 * pieces there are. */
static inline size_t mmguard_pool_reset(const void *start, size_t size)
{
    return MMGUARD_FUNCTION(__mmguard_pool_reset)
               ? MMGUARD_FUNCTION(__mmguard_pool_reset)(start, size)
               : 0;
}

/* What a pointer points to, in words: "8 bytes inside a live block of 24 bytes at 0x... from
 * malloc, thread 1". `text` is ended by a zero byte and cut to `size`; "" if nothing is known.
 * [signal] */
static inline enum mmguard_place mmguard_describe(const void *pointer, char *text, size_t size)
{
    if (size)
        *text = 0;
    return MMGUARD_FUNCTION(__mmguard_describe)
               ? MMGUARD_FUNCTION(__mmguard_describe)(pointer, text, size)
               : MMGUARD_UNKNOWN;
}

/* Checks the bytes around every live block now, and reports each that was overwritten. How many new
 * errors that makes. */
static inline unsigned mmguard_check_slack(void)
{
    return MMGUARD_FUNCTION(__mmguard_check_slack) ? MMGUARD_FUNCTION(__mmguard_check_slack)() : 0;
}

/* Calls callback(error, argument) for each different error, after its report, in the thread that
 * made it: often from inside a signal handler, so it may do only what such a handler may. NULL for
 * no callback. One at a time. */
static inline void mmguard_on_error(void (*callback)(const struct mmguard_error *error,
                                                     void *argument),
                                    void *argument)
{
    if (MMGUARD_FUNCTION(__mmguard_on_error))
        MMGUARD_FUNCTION(__mmguard_on_error)(callback, argument);
}

#ifdef __cplusplus
}

namespace mmguard
{
/* mmguard_ignore_begin() and mmguard_ignore_end() as an object. */
class ignore_scope
{
  public:
    ignore_scope()
    {
        mmguard_ignore_begin();
    }
    ~ignore_scope()
    {
        mmguard_ignore_end();
    }
    ignore_scope(const ignore_scope &) = delete;
    ignore_scope &operator=(const ignore_scope &) = delete;
};
} // namespace mmguard
#endif

#endif
