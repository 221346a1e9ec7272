/* SPDX-License-Identifier: MIT */
#include "calls/check_answer.h"

#include <errno.h>
#include <limits.h>

#include "page/backend.h"

/* Puts back what is missing of the live block that `memory` is in. False if nothing is. */
static bool heal(const void *memory, size_t size)
{
    bool healed = false;
    uintptr_t at = (uintptr_t)memory, end = at + min_size(check_room(memory), max_size(size, 1));
    for (at = align_down(at, PAGE_SIZE); at < end; at += PAGE_SIZE)
        if (page_faults((void *)at))
            healed |= heap_heal(max_size(at, (uintptr_t)memory));
    return healed;
}

NOINLINE bool answer_check(const struct answer *answer, enum answer_role role, const void *memory,
                           size_t size)
{
    int error = errno;
    bool failed = answer->result == -1;
    if (failed && error != EFAULT)
        return false;
    if (role == ANSWER_TOUCHED)
        size = failed ? 1 : 0;
    bool live = check_room(memory) != 0;
    if (!failed && answer->was_live && !live)
        return false;
    const struct check *check = CHECK(answer->call);
    if (role == ANSWER_PATH)
        check_text(check, memory, PATH_MAX, 1);
    else
        check_access(check, memory, size,
                     role == ANSWER_OUT ? MMT_DIRECTION_WRITE : MMT_DIRECTION_READ);
    bool again = failed && live && heal(memory, size);
    errno = error;
    return again;
}
