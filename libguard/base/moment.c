/* SPDX-License-Identifier: MIT
 *
 * The function is taken from the vdso itself: libc's clock_gettime may be a program's that makes up
 * times, and that one may allocate. The coarse clocks are read from a page the kernel keeps,
 * without the processor's counter, which a program may have forbidden.
 */
#include "base/moment.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <time.h>

#include "base/bits.h"

static struct {
    int (*gettime)(clockid_t, struct timespec *); /* NULL: none */
} moment;

struct moment_image {
    uintptr_t bias;
    const ElfW(Sym) * symbols;
    const char *names;
};

/* Fills the image from the headers at `start`. False if they are not as those of a vdso. */
static bool moment_image(uintptr_t start, struct moment_image *image)
{
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)start;
    const ElfW(Phdr) *segments = (const ElfW(Phdr) *)(start + header->e_phoff);
    const ElfW(Dyn) *dynamic = NULL;
    *image = (struct moment_image){0};
    for (int i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD && segments[i].p_offset == 0)
            image->bias = start - segments[i].p_vaddr;
        if (segments[i].p_type == PT_DYNAMIC)
            dynamic = (const ElfW(Dyn) *)(start + segments[i].p_offset);
    }
    for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
        if (dynamic->d_tag == DT_SYMTAB)
            image->symbols = (const ElfW(Sym) *)(image->bias + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_STRTAB)
            image->names = (const char *)(image->bias + dynamic->d_un.d_ptr);
    }
    return image->symbols && image->names;
}

void moment_start(void)
{
    enum { MOST_SYMBOLS = 256 };
    static const char wanted[] = "__vdso_clock_gettime";
    int saved = errno;
    uintptr_t start = getauxval(AT_SYSINFO_EHDR);
    errno = saved;
    struct moment_image image;
    if (!start || !moment_image(start, &image))
        return;
    /* The names follow the symbols; old hash tables, which have the number of symbols, are no
     * longer there in new kernels. */
    for (size_t i = 1; i < MOST_SYMBOLS && (const char *)&image.symbols[i + 1] <= image.names;
         i++) {
        const ElfW(Sym) *symbol = &image.symbols[i];
        if (symbol->st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol->st_info) == STT_FUNC &&
            text_equal(image.names + symbol->st_name, wanted)) {
            moment.gettime = (int (*)(clockid_t, struct timespec *))(image.bias + symbol->st_value);
            return;
        }
    }
}

uint64_t moment_now(void)
{
    struct timespec now;
    if (unlikely(!moment.gettime) || unlikely(moment.gettime(CLOCK_REALTIME_COARSE, &now) != 0))
        return 0;
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
