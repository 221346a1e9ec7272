/* SPDX-License-Identifier: MIT */
#include "leak/hidden.h"

#include <sys/mman.h>

#include "base/bits.h"
#include "base/own_memory.h"
#include "base/sys.h"

#define BUFFER_SIZE (16 * PAGE_SIZE)

static long read_at(int fd, uintptr_t address, void *to, size_t size)
{
    return sys_call4(SYS_pread64, fd, (long)to, (long)size, (long)address);
}

/* An administrator may have /proc/self/mem heed the protection of pages. */
static bool reads_inaccessible(int fd)
{
    const uintptr_t sample = 0x5f3a;
    uintptr_t *page = own_map(PAGE_SIZE), seen = 0;
    if (!page)
        return false;
    *page = sample;
    bool good = !sys_failed(sys_protect(page, PAGE_SIZE, PROT_NONE)) &&
                read_at(fd, (uintptr_t)page, &seen, sizeof(seen)) == sizeof(seen) && seen == sample;
    own_unmap(page, PAGE_SIZE);
    return good;
}

static void open_memory(struct hidden *hidden)
{
    hidden->tried = true;
    long fd = sys_open_proc("/proc/thread-self/mem");
    if (sys_failed(fd))
        return;
    if (reads_inaccessible((int)fd))
        hidden->buffer = own_map(BUFFER_SIZE);
    if (hidden->buffer)
        hidden->fd = (int)fd;
    else
        sys_close((int)fd);
}

void hidden_each(struct hidden *hidden, uintptr_t start, uintptr_t end,
                 void (*visit)(uintptr_t start, uintptr_t end, void *argument), void *argument)
{
    const size_t word = sizeof(uintptr_t);
    if (!hidden->tried)
        open_memory(hidden);
    if (!hidden->buffer)
        hidden->missed = true;
    while (hidden->buffer && start < end) {
        size_t offset = start % word, size = min_size(end - start, BUFFER_SIZE - word);
        uintptr_t copy = (uintptr_t)hidden->buffer + offset;
        long got = read_at(hidden->fd, start, (void *)copy, size);
        if (sys_failed(got) || !got) {
            start = align_down(start, PAGE_SIZE) + PAGE_SIZE;
            continue;
        }
        visit(copy, copy + (size_t)got, argument);
        start += (size_t)got;
        if ((size_t)got == BUFFER_SIZE - word)
            start -= word;
    }
}

void hidden_close(struct hidden *hidden)
{
    if (!hidden->buffer)
        return;
    own_unmap(hidden->buffer, BUFFER_SIZE);
    sys_close(hidden->fd);
    *hidden = (struct hidden){0};
}
