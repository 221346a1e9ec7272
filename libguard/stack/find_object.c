/* SPDX-License-Identifier: MIT */
#include "stack/find_object.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <sys/auxv.h>

#include "base/bits.h"

/* Only the program itself can have gaps: ld.so maps libraries in one piece. */
static NOINLINE void widen(struct dl_find_object *object)
{
    const Elf64_Phdr *headers = (const Elf64_Phdr *)getauxval(AT_PHDR);
    size_t count = getauxval(AT_PHNUM);
    uintptr_t bias = object->dlfo_link_map->l_addr, low = UINTPTR_MAX, high = 0;
    for (size_t i = 0; headers && i < count; i++) {
        if (headers[i].p_type != PT_LOAD)
            continue;
        uintptr_t start = align_down(bias + headers[i].p_vaddr, PAGE_SIZE);
        uintptr_t end = bias + headers[i].p_vaddr + headers[i].p_memsz;
        low = start < low ? start : low;
        high = end > high ? end : high;
    }
    if (low <= (uintptr_t)object->dlfo_map_start && high >= (uintptr_t)object->dlfo_map_end) {
        object->dlfo_map_start = (void *)low;
        object->dlfo_map_end = (void *)high;
    }
}

bool find_object(uintptr_t pc, struct dl_find_object *object)
{
    if (_dl_find_object((void *)pc, object) != 0)
        return false;
    if (unlikely(object->dlfo_eh_frame && (object->dlfo_eh_frame < object->dlfo_map_start ||
                                           object->dlfo_eh_frame >= object->dlfo_map_end)))
        widen(object);
    return true;
}
