/* SPDX-License-Identifier: MIT */
#include "elf/elfinflate.h"

#include "util/xalloc.h"

#include <gelf.h>
#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ELFINFLATE_PAGE  4096u
#define ELFINFLATE_ALIGN 64u
/* Debian 12's headers have it, older ones not. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
/* Debug information is rarely more than ten times as large as when compressed: so much memory is
 * worth making in one call, instead of by a fault a page. */
#define ELFINFLATE_USUAL 16u
/* Deflate makes at most 1032 bytes of one. */
#define ELFINFLATE_RATIO 1040u
#define ELFINFLATE_MOST  16
/* ISA-L counts bytes in 32 bits. */
#define ELFINFLATE_AT_ONCE ((size_t)1 << 30)

/* What libdw needs for functions, lines and inlining. */
static const char *const elfinflate_names[] = {
    ".debug_info",   ".debug_types",    ".debug_abbrev",      ".debug_line",
    ".debug_str",    ".debug_line_str", ".debug_str_offsets", ".debug_addr",
    ".debug_ranges", ".debug_rnglists", ".gnu_debugaltlink",
};

struct elfinflate_part {
    const char *name;
    const unsigned char *bytes; /* in the file */
    size_t size, place, whole; /* size: in the file; whole: inflated */
    bool compressed;
    Elf64_Shdr header;
};

struct elfinflate_plan {
    struct elfinflate_part parts[ELFINFLATE_MOST];
    size_t count;
    bool any; /* something is compressed */
    size_t names, headers, size; /* places in the new file, and its size */
};

/* A stream of zlib, from the file. */
struct elfinflate_stream {
    struct inflate_state state;
    const unsigned char *rest; /* what the state was not given yet */
    size_t size;
};

static bool elfinflate_wanted(const char *name)
{
    for (size_t i = 0; i < sizeof elfinflate_names / sizeof *elfinflate_names; i++)
        if (strcmp(name, elfinflate_names[i]) == 0)
            return true;
    return false;
}

/* Adds a section to the plan. Returns false if the file must be left to libelf, or with `trouble`
 * set. */
static bool elfinflate_section(struct elfinflate_plan *plan, Elf_Scn *section, const char *name,
                               const GElf_Shdr *header, const char **trouble)
{
    struct elfinflate_part *part = &plan->parts[plan->count];
    GElf_Chdr compression;
    Elf_Data *data = elf_rawdata(section, NULL);
    if (plan->count == ELFINFLATE_MOST || data == NULL || data->d_buf == NULL)
        return false;
    *part = (struct elfinflate_part){
        .name = name, .bytes = data->d_buf, .size = data->d_size, .whole = data->d_size};
    part->header = (Elf64_Shdr){
        .sh_type = header->sh_type,
        .sh_flags = header->sh_flags & ~(GElf_Xword)SHF_COMPRESSED,
        .sh_addralign = 1,
        .sh_entsize = header->sh_entsize,
    };
    if ((header->sh_flags & SHF_COMPRESSED) != 0) {
        if (gelf_getchdr(section, &compression) == NULL ||
            compression.ch_type != ELFCOMPRESS_ZLIB || part->size < sizeof(Elf64_Chdr))
            return false;
        part->bytes += sizeof(Elf64_Chdr);
        part->size -= sizeof(Elf64_Chdr);
        part->whole = compression.ch_size;
        part->compressed = plan->any = true;
        if (part->whole / ELFINFLATE_RATIO > part->size) {
            *trouble = "has a compressed section that claims an impossible size";
            return false;
        }
    }
    plan->count++;
    return true;
}

static bool elfinflate_plan(struct elfinflate_plan *plan, Elf *elf, const char **trouble)
{
    size_t names;
    *plan = (struct elfinflate_plan){0};
    if (gelf_getclass(elf) != ELFCLASS64 || elf_getshdrstrndx(elf, &names) != 0)
        return false;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        const char *name =
            gelf_getshdr(section, &header) != NULL ? elf_strptr(elf, names, header.sh_name) : NULL;
        if (name != NULL && header.sh_type == SHT_PROGBITS && elfinflate_wanted(name) &&
            !elfinflate_section(plan, section, name, &header, trouble))
            return false;
    }
    return plan->any;
}

static size_t elfinflate_place(struct elfinflate_plan *plan, size_t size)
{
    size_t place = (plan->size + ELFINFLATE_ALIGN - 1) & ~(size_t)(ELFINFLATE_ALIGN - 1);
    plan->size = place + size;
    return place;
}

/* Lays the new file out: head, sections, their names, their headers. A ratio above bounds every
 * size, so sums cannot overflow. */
static void elfinflate_lay_out(struct elfinflate_plan *plan)
{
    size_t names = sizeof ".shstrtab" + 1;
    plan->size = sizeof(Elf64_Ehdr);
    for (size_t i = 0; i < plan->count; i++) {
        struct elfinflate_part *part = &plan->parts[i];
        part->place = elfinflate_place(plan, part->whole);
        part->header.sh_offset = part->place;
        part->header.sh_size = part->whole;
        part->header.sh_name = (Elf64_Word)names;
        names += strlen(part->name) + 1;
    }
    plan->names = elfinflate_place(plan, names);
    plan->headers = elfinflate_place(plan, (plan->count + 2) * sizeof(Elf64_Shdr));
}

static void elfinflate_heads(const struct elfinflate_plan *plan, Elf *source, unsigned char *bytes)
{
    GElf_Ehdr from;
    gelf_getehdr(source, &from);
    Elf64_Ehdr *head = (Elf64_Ehdr *)(void *)bytes;
    Elf64_Shdr *headers = (Elf64_Shdr *)(void *)(bytes + plan->headers);
    memcpy(head->e_ident, from.e_ident, sizeof head->e_ident);
    head->e_type = from.e_type;
    head->e_machine = from.e_machine;
    head->e_version = from.e_version;
    head->e_ehsize = sizeof *head;
    head->e_shoff = plan->headers;
    head->e_shentsize = sizeof *headers;
    head->e_shnum = (Elf64_Half)(plan->count + 2);
    head->e_shstrndx = (Elf64_Half)(plan->count + 1);
    memcpy(bytes + plan->names + 1, ".shstrtab", sizeof ".shstrtab");
    for (size_t i = 0; i < plan->count; i++) {
        const struct elfinflate_part *part = &plan->parts[i];
        memcpy(bytes + plan->names + part->header.sh_name, part->name, strlen(part->name) + 1);
        headers[i + 1] = part->header;
    }
    headers[plan->count + 1] = (Elf64_Shdr){
        .sh_name = 1,
        .sh_type = SHT_STRTAB,
        .sh_offset = plan->names,
        .sh_size = plan->headers - plan->names,
        .sh_addralign = 1,
    };
}

/* Whether it succeeds does not matter. */
static void elfinflate_populate(unsigned char *bytes, size_t size)
{
    size_t before = (uintptr_t)bytes % ELFINFLATE_PAGE;
    madvise(bytes - before, size + before, MADV_POPULATE_WRITE);
}

static void elfinflate_begin(struct elfinflate_stream *stream, const struct elfinflate_part *part)
{
    isal_inflate_init(&stream->state);
    stream->state.crc_flag = ISAL_ZLIB;
    stream->rest = part->bytes;
    stream->size = part->size;
}

/* Inflates the next `size` bytes. Returns false if there are fewer, or damage. */
static bool elfinflate_fill(struct elfinflate_stream *stream, unsigned char *bytes, size_t size)
{
    struct inflate_state *state = &stream->state;
    while (size != 0) {
        if (state->avail_in == 0) {
            size_t part = stream->size < ELFINFLATE_AT_ONCE ? stream->size : ELFINFLATE_AT_ONCE;
            state->next_in = (uint8_t *)(uintptr_t)stream->rest; /* it is only read */
            state->avail_in = (uint32_t)part;
            stream->rest += part;
            stream->size -= part;
        }
        size_t room = size < ELFINFLATE_AT_ONCE ? size : ELFINFLATE_AT_ONCE;
        uint32_t input = state->avail_in;
        state->next_out = bytes;
        state->avail_out = (uint32_t)room;
        int result = isal_inflate(state);
        size_t made = room - state->avail_out;
        if (result < ISAL_DECOMP_OK || result == ISAL_NEED_DICT ||
            (made == 0 && state->avail_in == input))
            return false;
        bytes += made;
        size -= made;
        if (size != 0 && state->block_state == ISAL_BLOCK_FINISH)
            return false;
    }
    return true;
}

/* Says whether the stream ends here, with the right checksum. */
static bool elfinflate_ends(struct elfinflate_stream *stream)
{
    unsigned char more;
    return !elfinflate_fill(stream, &more, 1) && stream->state.block_state == ISAL_BLOCK_FINISH;
}

static bool elfinflate_whole(struct elfinflate_stream *stream, const struct elfinflate_part *part,
                             unsigned char *bytes)
{
    if (!part->compressed) {
        memcpy(bytes + part->place, part->bytes, part->size);
        return true;
    }
    if (part->whole / ELFINFLATE_USUAL <= part->size)
        elfinflate_populate(bytes + part->place, part->whole);
    elfinflate_begin(stream, part);
    return elfinflate_fill(stream, bytes + part->place, part->whole) && elfinflate_ends(stream);
}

static void elfinflate_all(struct elfinflate *inflate, const struct elfinflate_plan *plan, Elf *elf)
{
    struct elfinflate_stream *stream = xalloc_resize(NULL, 1, sizeof *stream);
    bool good = true;
    for (size_t i = 0; good && i < plan->count; i++)
        good = elfinflate_whole(stream, &plan->parts[i], inflate->bytes);
    free(stream);
    if (!good) {
        inflate->trouble = "has a compressed section that is damaged";
        return;
    }
    elfinflate_heads(plan, elf, inflate->bytes);
    inflate->elf = elf_memory((char *)inflate->bytes, plan->size);
}

void elfinflate_open(struct elfinflate *inflate, Elf *elf)
{
    struct elfinflate_plan plan;
    *inflate = (struct elfinflate){0};
    if (!elfinflate_plan(&plan, elf, &inflate->trouble))
        return;
    elfinflate_lay_out(&plan);
    void *bytes = mmap(NULL, plan.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED) {
        inflate->trouble = "has debug information that does not fit into memory";
        return;
    }
    inflate->bytes = bytes;
    inflate->size = plan.size;
    elfinflate_all(inflate, &plan, elf);
}

bool elfinflate_unreadable(Elf *elf)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        GElf_Chdr compression;
        if (gelf_getshdr(section, &header) != NULL && (header.sh_flags & SHF_COMPRESSED) != 0 &&
            gelf_getchdr(section, &compression) != NULL && compression.ch_type != ELFCOMPRESS_ZLIB)
            return elf_compress(section, 0, 0) < 0;
    }
    return false;
}

void elfinflate_close(struct elfinflate *inflate)
{
    elf_end(inflate->elf);
    if (inflate->bytes != NULL)
        munmap(inflate->bytes, inflate->size);
    *inflate = (struct elfinflate){0};
}
