/* SPDX-License-Identifier: MIT
 *
 * Modules are entered under LOCK_MODULES at the end of an array, and published by its count. Those
 * that are still loaded are in a list of ids as well, which readers search without the lock:
 * entries are replaced in it one word at a time, so a reader can miss a module that is being moved,
 * but never sees a wrong one; whoever finds nothing looks again under the lock.
 */
#include "stack/modules.h"

#include <dlfcn.h>
#include <link.h>
#include <stdatomic.h>

#include "base/bits.h"
#include "base/lock.h"
#include "base/own_memory.h"
#include "base/probe.h"
#include "mmtrace.h"
#include "stack/depot.h"
#include "stack/find_object.h"
#include "stack/module_file.h"
#include "stack/unwind.h"

#define MAX_MODULES ((size_t)1 << 16)

static struct {
    struct module *_Atomic all; /* of id i: all[i - 1] */
    _Atomic uint32_t count;
    _Atomic uint32_t loaded_count;
    _Atomic uint32_t *_Atomic loaded; /* ids */
} modules;

uint32_t modules_count(void)
{
    return atomic_load_explicit(&modules.count, memory_order_acquire);
}

const struct module *modules_get(uint32_t id)
{
    return id && id <= modules_count()
               ? &atomic_load_explicit(&modules.all, memory_order_relaxed)[id - 1]
               : NULL;
}

static bool is_unloaded(const struct module *module)
{
    return __atomic_load_n(&module->flags, __ATOMIC_RELAXED) & MMT_MODULE_UNLOADED;
}

static bool is_object(const struct module *module, const struct dl_find_object *object)
{
    return module->link_map == object->dlfo_link_map &&
           module->start == (uintptr_t)object->dlfo_map_start &&
           module->end == (uintptr_t)object->dlfo_map_end && !is_unloaded(module);
}

static uint32_t find_entered(const struct dl_find_object *object)
{
    uint32_t used = atomic_load_explicit(&modules.loaded_count, memory_order_acquire);
    for (uint32_t i = 0; i < used; i++) {
        uint32_t id = atomic_load_explicit(&modules.loaded[i], memory_order_acquire);
        if (is_object(modules_get(id), object))
            return id;
    }
    return 0;
}

/* Under the lock. */
static bool have_tables(void)
{
    if (!modules.all)
        modules.all = own_map(MAX_MODULES * sizeof(struct module));
    if (modules.all && !modules.loaded)
        modules.loaded = own_map(MAX_MODULES * sizeof(uint32_t));
    return modules.loaded != NULL;
}

/* Whether what is loaded where `module` was is another module, or nothing. */
static bool is_gone(const struct module *module)
{
    struct dl_find_object object;
    uintptr_t bias; /* another thread may be unloading it just now */
    if (module->flags & MMT_MODULE_MAIN)
        return false;
    if (!find_object(module->start, &object) || !is_object(module, &object) ||
        !probe_word((uintptr_t)&object.dlfo_link_map->l_addr, &bias) || bias != module->bias)
        return true;
    uint8_t build_id[MODULE_BUILD_ID_MAX];
    if (module_file_build_id(module->start, module->end, build_id) != module->build_id_length)
        return true;
    for (uint32_t i = 0; i < module->build_id_length; i++)
        if (build_id[i] != module->build_id[i])
            return true;
    return false;
}

/* Under the lock. */
static void retire_gone(void)
{
    uint32_t left = atomic_load(&modules.loaded_count);
    for (uint32_t i = left; i-- > 0;) {
        uint32_t id = atomic_load(&modules.loaded[i]);
        struct module *module = &modules.all[id - 1];
        if (!is_gone(module))
            continue;
        __atomic_fetch_or(&module->flags, MMT_MODULE_UNLOADED, __ATOMIC_RELEASE);
        depot_retire_module(id);
        atomic_store(&modules.loaded[i], atomic_load(&modules.loaded[left - 1]));
        atomic_store(&modules.loaded_count, --left);
    }
    unwind_flush();
}

/* Whether `object` lies where a module was entered: that one was unloaded by libc for itself, or is
 * being unloaded. */
static bool takes_place_of_another(const struct dl_find_object *object)
{
    uint32_t used = atomic_load(&modules.loaded_count);
    for (uint32_t i = 0; i < used; i++) {
        const struct module *module = modules_get(atomic_load(&modules.loaded[i]));
        if ((uintptr_t)object->dlfo_map_start < module->end &&
            (uintptr_t)object->dlfo_map_end > module->start)
            return true;
    }
    return false;
}

static uint32_t modules_enter(const struct dl_find_object *object)
{
    uint64_t mask = lock_enter(LOCK_MODULES);
    uint32_t id = find_entered(object), used = atomic_load(&modules.count);
    if (!id && used < MAX_MODULES && have_tables()) {
        if (takes_place_of_another(object))
            retire_gone();
        struct module *module = &modules.all[used];
        module_file_describe(module, object);
        id = module->id = used + 1;
        atomic_store_explicit(&modules.count, id, memory_order_release);
        uint32_t place = atomic_load(&modules.loaded_count);
        atomic_store_explicit(&modules.loaded[place], id, memory_order_release);
        atomic_store_explicit(&modules.loaded_count, place + 1, memory_order_release);
    }
    lock_leave(LOCK_MODULES, mask);
    return id;
}

uint32_t modules_find(uintptr_t pc)
{
    struct dl_find_object object;
    if (!find_object(pc, &object))
        return 0;
    uint32_t id = find_entered(&object);
    return likely(id) ? id : modules_enter(&object);
}

void modules_changed(void)
{
    uint64_t mask = lock_enter(LOCK_MODULES);
    retire_gone();
    lock_leave(LOCK_MODULES, mask);
}
