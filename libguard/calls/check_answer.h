/* SPDX-License-Identifier: MIT
 *
 * Calls whose memory the kernel reads and writes are checked after the call: one that fails before
 * it comes to its memory is no wrong access, and EFAULT for an address of the heap's is one. The
 * answer of the kernel is passed on unchanged. Two things are no error of the call:
 *   - a block that was there before the call, that the kernel was through with, and that another
 *     thread has freed since;
 *   - pages of a live block that the program gave back to the kernel by a system call of its own:
 *     they are put back, and the call is made once more.
 */
#ifndef CALLS_CHECK_ANSWER_H
#define CALLS_CHECK_ANSWER_H

#include "calls/check.h"

enum answer_role {
    ANSWER_IN, /* the kernel reads so many bytes */
    ANSWER_OUT, /* it writes them */
    ANSWER_PATH, /* it reads a path */
    ANSWER_TOUCHED, /* its size depends on the request: looked at where the kernel found no memory
                     */
};

struct answer {
    const char *call;
    long result;
    bool was_live; /* `memory` was in a live block before the call */
};

/* Checks one of the call's pointers, which is in the heap's address space. True if the call is to
 * be made again. Keeps errno. */
bool answer_check(const struct answer *answer, enum answer_role role, const void *memory,
                  size_t size);

/* For calls that check their memory before: what the kernel found missing in it later. */
ALWAYS_INLINE bool answer_again(const char *call, long result, enum answer_role role,
                                const void *memory, size_t size)
{
    return unlikely(result == -1 && check_ours(memory)) &&
           answer_check(&(struct answer){call, result, true}, role, memory, size);
}

/*     KERNEL_CALL(result type, name, (parameters), (arguments), roles)
 *
 * defines the checked function. Roles, one for each pointer, at most ANSWER_ROLES; a size may use
 * `result`, which is what the call returned:
 *     IN(pointer, size) OUT(pointer, size) PATH(pointer) TOUCHED(pointer)
 */
#define ANSWER_ROLES 6

#define ANSWER_ROLE(role, memory, size)                                                            \
    if (unlikely(check_ours(memory))) {                                                            \
        if (!phase_)                                                                               \
            live_[role_] = check_room(memory) != 0;                                                \
        else                                                                                       \
            again_ |= answer_check(&(struct answer){name_, (long)result, live_[role_]}, role,      \
                                   memory, size);                                                  \
    }                                                                                              \
    role_++;
#define IN(memory, size)  ANSWER_ROLE(ANSWER_IN, memory, size)
#define OUT(memory, size) ANSWER_ROLE(ANSWER_OUT, memory, size)
#define PATH(memory)      ANSWER_ROLE(ANSWER_PATH, memory, 0)
#define TOUCHED(memory)   ANSWER_ROLE(ANSWER_TOUCHED, memory, 0)

#define KERNEL_CALL(type, name, parameters, arguments, roles)                                      \
    CHECKED(type, name, parameters)                                                                \
    {                                                                                              \
        KERNEL_BODY(type, name, NEXT(name) arguments, roles)                                       \
    }

/* `call` once, and once more where that is called for. */
#define KERNEL_BODY(type, name, call, roles)                                                       \
    static const char name_[] = #name;                                                             \
    bool live_[ANSWER_ROLES] = {false}, again_ = false;                                            \
    type result = (type)0;                                                                         \
    for (int phase_ = 0;; phase_++) {                                                              \
        unsigned role_ = 0;                                                                        \
        roles if (phase_ == 2 || (phase_ == 1 && !again_)) return result;                          \
        result = call;                                                                             \
    }

#endif
