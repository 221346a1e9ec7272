/* SPDX-License-Identifier: MIT
 *
 * What can be learnt about one module: from its headers in memory, from the loader and from the
 * file system. Helpers of modules.c.
 */
#ifndef STACK_MODULE_FILE_H
#define STACK_MODULE_FILE_H

#include <dlfcn.h>
#include <stdint.h>

#include "stack/modules.h"

/* Copies the build-id found in the notes of the ELF file mapped at [start, end) to `id`; its
 * length, 0 if there is none. The headers are not trusted. Signal-safe, no locks. */
uint32_t module_file_build_id(uintptr_t start, uintptr_t end, uint8_t id[MODULE_BUILD_ID_MAX]);

/* Fills in all of `module` but its id. Never fails: what cannot be found out is 0 or "". Only under
 * LOCK_MODULES. */
void module_file_describe(struct module *module, const struct dl_find_object *object);

#endif
