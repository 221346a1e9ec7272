/* SPDX-License-Identifier: MIT
 *
 * C++ operator new and delete under their mangled names (Itanium C++ ABI), so that libguard needs
 * no C++ library. When memory runs out the new_handler is called and std::bad_alloc thrown by the
 * program's own C++ library, looked up at that moment, which may have come by dlopen(RTLD_LOCAL).
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc/allocate.h"
#include "alloc/operators.h"
#include "alloc/release.h"
#include "base/fatal.h"
#include "guard/guard.h"
#include "stack/loaded_symbol.h"
#include "stack/modules.h"

typedef void (*new_handler)(void);

static new_handler get_new_handler(void)
{
    new_handler (*get)(void) = (new_handler(*)(void))loaded_symbol("_ZSt15get_new_handlerv", false);
    return get ? get() : NULL;
}

/* Calls the new_handler; false if there is none. */
static bool call_new_handler(void)
{
    new_handler handler = get_new_handler();
    if (handler)
        handler();
    return handler != NULL;
}

static bool has_new_handler(void)
{
    return get_new_handler() != NULL;
}

static void *new_once(size_t size, size_t alignment, uint8_t function, struct stack_start start)
{
    if (unlikely(alignment & (alignment - 1))) /* as in libstdc++ */
        return NULL;
    return allocate(size, alignment, function, start);
}

static void *new_or_null(size_t size, size_t alignment, uint8_t function, struct stack_start start)
{
    if (unlikely(alignment & (alignment - 1))) /* as in libstdc++, without asking the new_handler */
        return NULL;
    void *memory = allocate(size, alignment, function, start);
    while (unlikely(!memory) && call_new_handler())
        memory = allocate(size, alignment, function, start);
    return memory;
}

static void *new_or_throw(size_t size, size_t alignment, uint8_t function, struct stack_start start)
{
    void *memory = new_or_null(size, alignment, function, start);
    if (likely(memory != NULL))
        return memory;
    void (*throw_bad_alloc)(void) =
        (void (*)(void))loaded_symbol("_ZSt17__throw_bad_allocv", false);
    if (throw_bad_alloc)
        throw_bad_alloc();
    fatal("operator new is out of memory, and no C++ library is there to throw std::bad_alloc");
}

static void delete_block(void *memory, uint8_t function, struct stack_start start)
{
    if (memory)
        release(&(struct heap_release){.address = (uintptr_t)memory, .function = function}, start);
}

static void delete_sized(void *memory, size_t size, uint8_t function, struct stack_start start)
{
    if (memory)
        release(
            &(struct heap_release){
                .address = (uintptr_t)memory, .function = function, .has_size = true, .size = size},
            start);
}

static void delete_aligned(void *memory, bool sized, size_t size, size_t alignment,
                           uint8_t function, struct stack_start start)
{
    if (memory)
        release(&(struct heap_release){.address = (uintptr_t)memory,
                                       .function = function,
                                       .has_size = sized,
                                       .size = size,
                                       .has_alignment = true,
                                       .alignment = alignment},
                start);
}

/* A nothrow form returns null where the new_handler throws. C cannot catch that: where memory is
 * out and there is a handler, the C++ library's own form, which calls ours and catches, goes on. */

/* A program that replaces an operator of its choice gets the others in terms of it from the C++
 * library, as the standard has it: new[] calls new, sized delete calls delete, and so on. Where the
 * operator that one of ours stands on was replaced, the library's own takes over. */
static struct {
    bool new, new_array, delete, delete_array;
    bool new_aligned, new_array_aligned, delete_aligned, delete_array_aligned;
} replaced;

static bool is_replaced(const char *name)
{
    const struct module *module = modules_get(modules_find((uintptr_t)dlsym(RTLD_DEFAULT, name)));
    return module && !(module->flags & MMT_MODULE_GUARD);
}

void operators_init(void)
{
    replaced.new = is_replaced("_Znwm");
    replaced.new_array = replaced.new || is_replaced("_Znam");
    replaced.delete = is_replaced("_ZdlPv");
    replaced.delete_array = replaced.delete || is_replaced("_ZdaPv");
    replaced.new_aligned = is_replaced("_ZnwmSt11align_val_t");
    replaced.new_array_aligned = replaced.new_aligned || is_replaced("_ZnamSt11align_val_t");
    replaced.delete_aligned = is_replaced("_ZdlPvSt11align_val_t");
    replaced.delete_array_aligned = replaced.delete_aligned || is_replaced("_ZdaPvSt11align_val_t");
}

/* Leaves the function for the C++ library's own. */
#define LEAVE_IF(condition, result, name, parameters, arguments)                                   \
    if (unlikely(condition)) {                                                                     \
        result(*next) parameters = (result(*) parameters)loaded_symbol(#name, true);               \
        if (next)                                                                                  \
            return next arguments;                                                                 \
    }

/* operator new */
EXPORT void *_Znwm(size_t size)
{
    return new_or_throw(size, 0, MMT_FUNCTION_NEW, STACK_START());
}
EXPORT void *_Znam(size_t size)
{
    LEAVE_IF(replaced.new, void *, _Znam, (size_t), (size))
    return new_or_throw(size, 0, MMT_FUNCTION_NEW_ARRAY, STACK_START());
}
EXPORT void *_ZnwmRKSt9nothrow_t(size_t size, const void *tag)
{
    LEAVE_IF(replaced.new, void *, _ZnwmRKSt9nothrow_t, (size_t, const void *), (size, tag))
    (void)tag;
    void *memory = new_once(size, 0, MMT_FUNCTION_NEW, STACK_START());
    LEAVE_IF(!memory && has_new_handler(), void *, _ZnwmRKSt9nothrow_t, (size_t, const void *),
             (size, tag))
    return memory;
}
EXPORT void *_ZnamRKSt9nothrow_t(size_t size, const void *tag)
{
    LEAVE_IF(replaced.new_array, void *, _ZnamRKSt9nothrow_t, (size_t, const void *), (size, tag))
    (void)tag;
    void *memory = new_once(size, 0, MMT_FUNCTION_NEW_ARRAY, STACK_START());
    LEAVE_IF(!memory && has_new_handler(), void *, _ZnamRKSt9nothrow_t, (size_t, const void *),
             (size, tag))
    return memory;
}
EXPORT void *_ZnwmSt11align_val_t(size_t size, size_t alignment)
{
    return new_or_throw(size, alignment, MMT_FUNCTION_NEW_ALIGNED, STACK_START());
}
EXPORT void *_ZnamSt11align_val_t(size_t size, size_t alignment)
{
    LEAVE_IF(replaced.new_aligned, void *, _ZnamSt11align_val_t, (size_t, size_t),
             (size, alignment))
    return new_or_throw(size, alignment, MMT_FUNCTION_NEW_ARRAY_ALIGNED, STACK_START());
}
EXPORT void *_ZnwmSt11align_val_tRKSt9nothrow_t(size_t size, size_t alignment, const void *tag)
{
    LEAVE_IF(replaced.new_aligned, void *, _ZnwmSt11align_val_tRKSt9nothrow_t,
             (size_t, size_t, const void *), (size, alignment, tag))
    (void)tag;
    void *memory = new_once(size, alignment, MMT_FUNCTION_NEW_ALIGNED, STACK_START());
    LEAVE_IF(!memory && has_new_handler(), void *, _ZnwmSt11align_val_tRKSt9nothrow_t,
             (size_t, size_t, const void *), (size, alignment, tag))
    return memory;
}
EXPORT void *_ZnamSt11align_val_tRKSt9nothrow_t(size_t size, size_t alignment, const void *tag)
{
    LEAVE_IF(replaced.new_array_aligned, void *, _ZnamSt11align_val_tRKSt9nothrow_t,
             (size_t, size_t, const void *), (size, alignment, tag))
    (void)tag;
    void *memory = new_once(size, alignment, MMT_FUNCTION_NEW_ARRAY_ALIGNED, STACK_START());
    LEAVE_IF(!memory && has_new_handler(), void *, _ZnamSt11align_val_tRKSt9nothrow_t,
             (size_t, size_t, const void *), (size, alignment, tag))
    return memory;
}

/* operator delete */
EXPORT void _ZdlPv(void *memory)
{
    delete_block(memory, MMT_FUNCTION_DELETE, STACK_START());
}
EXPORT void _ZdaPv(void *memory)
{
    LEAVE_IF(replaced.delete, void, _ZdaPv, (void *), (memory))
    delete_block(memory, MMT_FUNCTION_DELETE_ARRAY, STACK_START());
}
EXPORT void _ZdlPvRKSt9nothrow_t(void *memory, const void *tag)
{
    LEAVE_IF(replaced.delete, void, _ZdlPvRKSt9nothrow_t, (void *, const void *), (memory, tag))
    (void)tag;
    delete_block(memory, MMT_FUNCTION_DELETE, STACK_START());
}
EXPORT void _ZdaPvRKSt9nothrow_t(void *memory, const void *tag)
{
    LEAVE_IF(replaced.delete_array, void, _ZdaPvRKSt9nothrow_t, (void *, const void *),
             (memory, tag))
    (void)tag;
    delete_block(memory, MMT_FUNCTION_DELETE_ARRAY, STACK_START());
}
EXPORT void _ZdlPvm(void *memory, size_t size)
{
    LEAVE_IF(replaced.delete, void, _ZdlPvm, (void *, size_t), (memory, size))
    delete_sized(memory, size, MMT_FUNCTION_DELETE, STACK_START());
}
EXPORT void _ZdaPvm(void *memory, size_t size)
{
    LEAVE_IF(replaced.delete_array, void, _ZdaPvm, (void *, size_t), (memory, size))
    delete_sized(memory, size, MMT_FUNCTION_DELETE_ARRAY, STACK_START());
}
EXPORT void _ZdlPvSt11align_val_t(void *memory, size_t alignment)
{
    delete_aligned(memory, false, 0, alignment, MMT_FUNCTION_DELETE_ALIGNED, STACK_START());
}
EXPORT void _ZdaPvSt11align_val_t(void *memory, size_t alignment)
{
    LEAVE_IF(replaced.delete_aligned, void, _ZdaPvSt11align_val_t, (void *, size_t),
             (memory, alignment))
    delete_aligned(memory, false, 0, alignment, MMT_FUNCTION_DELETE_ARRAY_ALIGNED, STACK_START());
}
EXPORT void _ZdlPvSt11align_val_tRKSt9nothrow_t(void *memory, size_t alignment, const void *tag)
{
    LEAVE_IF(replaced.delete_aligned, void, _ZdlPvSt11align_val_tRKSt9nothrow_t,
             (void *, size_t, const void *), (memory, alignment, tag))
    (void)tag;
    delete_aligned(memory, false, 0, alignment, MMT_FUNCTION_DELETE_ALIGNED, STACK_START());
}
EXPORT void _ZdaPvSt11align_val_tRKSt9nothrow_t(void *memory, size_t alignment, const void *tag)
{
    LEAVE_IF(replaced.delete_array_aligned, void, _ZdaPvSt11align_val_tRKSt9nothrow_t,
             (void *, size_t, const void *), (memory, alignment, tag))
    (void)tag;
    delete_aligned(memory, false, 0, alignment, MMT_FUNCTION_DELETE_ARRAY_ALIGNED, STACK_START());
}
EXPORT void _ZdlPvmSt11align_val_t(void *memory, size_t size, size_t alignment)
{
    LEAVE_IF(replaced.delete_aligned, void, _ZdlPvmSt11align_val_t, (void *, size_t, size_t),
             (memory, size, alignment))
    delete_aligned(memory, true, size, alignment, MMT_FUNCTION_DELETE_ALIGNED, STACK_START());
}
EXPORT void _ZdaPvmSt11align_val_t(void *memory, size_t size, size_t alignment)
{
    LEAVE_IF(replaced.delete_array_aligned, void, _ZdaPvmSt11align_val_t, (void *, size_t, size_t),
             (memory, size, alignment))
    delete_aligned(memory, true, size, alignment, MMT_FUNCTION_DELETE_ARRAY_ALIGNED, STACK_START());
}
