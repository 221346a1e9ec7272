/* SPDX-License-Identifier: MIT
 *
 * The executable, shared libraries and the vdso that frames lie in, with generations: a library
 * that is loaded where another was gets an id of its own. Modules are entered when a frame in them
 * is first recorded, found by glibc's _dl_find_object, which takes no lock.
 */
#ifndef STACK_MODULES_H
#define STACK_MODULES_H

#include <stdbool.h>
#include <stdint.h>

#define MODULE_BUILD_ID_MAX 32

struct module {
    uint32_t id;
    uint32_t flags; /* enum mmt_module_flags */
    uintptr_t bias, start, end;
    const void *link_map;
    bool runtime; /* the C or C++ library, the loader or libguard: not the program's own code */
    uint64_t device, inode, size, mtime; /* as struct mmt_module */
    uint32_t build_id_length;
    uint8_t build_id[MODULE_BUILD_ID_MAX];
    const char *path; /* absolute if it can be found out; never NULL */
};

/* The id of the module that holds `pc`, entering it if it is new; 0 if none does, or there is no
 * memory, or 65536 modules were entered before. Lock-free for modules entered already; else under
 * LOCK_MODULES. Signal-safe. */
uint32_t modules_find(uintptr_t pc);

/* 1 <= id <= modules_count(); NULL otherwise. Modules are never removed. Lock-free. */
const struct module *modules_get(uint32_t id);
uint32_t modules_count(void);

/* After dlopen() or dlclose(): marks modules that are gone as MMT_MODULE_UNLOADED, retires their
 * stacks in the depot and flushes the unwind rows. Not from a signal handler. */
void modules_changed(void);

#endif
