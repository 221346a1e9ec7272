/* SPDX-License-Identifier: MIT
 *
 * The floor under a heap that revokes each freed block at once: malloc and free that do nothing but
 * one UFFDIO_MOVE a pair. No stacks, no records, no checks, no threads; blocks of more than a page
 * and all that is allocated before the first small one come from mappings and are never freed. What
 * libguard takes beyond this is its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef UFFDIO_MOVE
struct uffdio_move {
    uint64_t dst, src, len, mode;
    int64_t move;
};
#define UFFDIO_MOVE       _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFD_FEATURE_MOVE (1 << 16)
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

enum { PAGE = 4096, SPARES = 1024 };

#define SLOT    ((uintptr_t)2 * PAGE)
#define CHUNK   ((uintptr_t)2 << 20)
#define SEGMENT ((uintptr_t)1 << 30)
#define SPACE   ((uintptr_t)1 << 43)

static uintptr_t base, next, prepared;
static int fd = -1;
static uintptr_t spares[SPARES];
static unsigned spare_count;
static char zeros[PAGE] __attribute__((aligned(4096)));
/* Of each chunk, the slots whose page is gone: its page table is given back when there is none
 * left. */
static unsigned short gone[SPACE / CHUNK];

static void *map(size_t size, int protection)
{
    void *memory = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        _exit(99);
    return memory;
}

static void require(long result)
{
    static const char message[] = "bare_move: the kernel has no UFFDIO_MOVE\n";
    if (result < 0 && write(2, message, sizeof message - 1))
        _exit(99);
}

static void begin(void)
{
    base = ((uintptr_t)map(SPACE + CHUNK, PROT_NONE) + CHUNK - 1) & ~(CHUNK - 1);
    next = prepared = base;
    madvise((void *)base, SPACE, MADV_NOHUGEPAGE);
    fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
    require(fd);
    struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_SIGBUS | UFFD_FEATURE_MOVE};
    require(ioctl(fd, UFFDIO_API, &api));
    struct uffdio_register area = {.range = {base, SPACE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    require(ioctl(fd, UFFDIO_REGISTER, &area));
}

/* The page of a slot that was never used. */
static uintptr_t fresh(void)
{
    if (next == prepared) {
        require(mprotect((void *)prepared, SEGMENT, PROT_READ | PROT_WRITE));
        prepared += SEGMENT;
    }
    uintptr_t page = next;
    next += SLOT;
    return page;
}

void *malloc(size_t size)
{
    if (size > PAGE)
        return map(size, PROT_READ | PROT_WRITE);
    if (fd < 0)
        begin();
    uintptr_t page;
    if (spare_count) {
        page = spares[--spare_count];
    } else {
        page = fresh();
        struct uffdio_copy copy = {.dst = page, .src = (uintptr_t)zeros, .len = PAGE};
        require(ioctl(fd, UFFDIO_COPY, &copy));
    }
    return (void *)(page + PAGE - ((size + 15) & ~(size_t)15));
}

void free(void *memory)
{
    uintptr_t page = (uintptr_t)memory & ~(uintptr_t)(PAGE - 1);
    if (page - base >= SPACE || fd < 0)
        return;
    uintptr_t chunk = (page - base) / CHUNK;
    struct uffdio_move move = {.src = page, .len = PAGE};
    if (spare_count < SPARES) {
        move.dst = fresh();
        while (ioctl(fd, UFFDIO_MOVE, &move))
            if (errno != EAGAIN)
                require(-1);
        spares[spare_count++] = move.dst;
    } else {
        madvise((void *)page, PAGE, MADV_DONTNEED);
    }
    if (++gone[chunk] == CHUNK / SLOT)
        madvise((void *)(base + chunk * CHUNK), CHUNK, MADV_DONTNEED);
}

void *calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    void *memory = malloc(total);
    return memory ? memset(memory, 0, total) : NULL;
}

void *realloc(void *old, size_t size)
{
    void *memory = malloc(size);
    /* What lies behind the old block in its page is copied as well. */
    if (memory && old)
        memcpy(memory, old, size < PAGE ? size : PAGE - ((uintptr_t)old & (PAGE - 1)));
    free(old);
    return memory;
}
