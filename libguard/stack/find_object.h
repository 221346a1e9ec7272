/* SPDX-License-Identifier: MIT */
#ifndef STACK_FIND_OBJECT_H
#define STACK_FIND_OBJECT_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

/* _dl_find_object(), but the range is the whole module's, from its ELF header to its last byte: of
 * a program that the kernel has mapped with gaps glibc gives the segment of `pc` only, in which
 * neither the header nor the unwind information lies. False if no module holds `pc`. Signal-safe,
 * no locks. */
bool find_object(uintptr_t pc, struct dl_find_object *object);

#endif
