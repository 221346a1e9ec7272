/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/probe.h"
#include "stack/cfi.h"
#include "stack/modules.h"
#include "stack/unwind.h"
#include "unit.h"

#define RBP 6
#define RSP 7

static struct sigaction old_segv, old_bus;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    greg_t *pc = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    uintptr_t next = probe_resume((uintptr_t)*pc);
    (void)signal, (void)info;
    if (!next)
        abort();
    *pc = (greg_t)next;
}

static int install(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    return sigaction(SIGSEGV, &action, &old_segv) | sigaction(SIGBUS, &action, &old_bus);
}

static int uninstall(void)
{
    return sigaction(SIGSEGV, &old_segv, NULL) | sigaction(SIGBUS, &old_bus, NULL);
}

SUITE("unwind", install, uninstall);

/* ---- rows against those of elfutils */

static bool is_breg(const Dwarf_Op *op, unsigned reg, int64_t *offset)
{
    if (op->atom == DW_OP_bregx && op->number == reg)
        *offset = (int64_t)op->number2;
    else if (op->atom == DW_OP_breg0 + reg)
        *offset = (int64_t)op->number;
    else
        return false;
    return true;
}

static bool expected_cfa(Dwarf_Frame *frame, struct cfi_row *row)
{
    Dwarf_Op *ops;
    size_t count;
    if (dwarf_frame_cfa(frame, &ops, &count))
        return false;
    if (count == 1 && is_breg(ops, RSP, &row->offset))
        row->kind = CFI_RSP;
    else if (count == 1 && is_breg(ops, RBP, &row->offset))
        row->kind = CFI_RBP;
    else if (count == 2 && is_breg(ops, RBP, &row->offset) && ops[1].atom == DW_OP_deref)
        row->kind = CFI_RBP_DEREF;
    else if (count == 3 && is_breg(ops, RSP, &row->offset) && ops[1].atom == DW_OP_deref &&
             ops[2].atom == DW_OP_plus_uconst && ops[2].number == 8)
        row->kind = CFI_RSP_DEREF;
    else if (count == 9 && is_breg(ops, RSP, &row->offset) && ops[1].atom == DW_OP_breg16) {
        row->kind = CFI_PLT;
        row->offset = ops[4].atom - DW_OP_lit0;
    } else
        return false;
    return true;
}

static bool expected_rbp(Dwarf_Frame *frame, struct cfi_row *row)
{
    Dwarf_Op memory[3], *ops;
    size_t count;
    if (dwarf_frame_register(frame, RBP, memory, &ops, &count))
        return false;
    if (count == 0) {
        row->rbp = CFI_RBP_UNCHANGED;
        return true;
    }
    if (ops[count - 1].atom == DW_OP_stack_value)
        return false;
    if (ops[0].atom != DW_OP_call_frame_cfa || count != 2)
        return false;
    if (ops[1].atom == DW_OP_plus_uconst) {
        row->rbp = CFI_RBP_AT_CFA;
        row->rbp_offset = (int64_t)ops[1].number;
        return true;
    }
    row->rbp = CFI_RBP_AT_RBP;
    return is_breg(&ops[1], RBP, &row->rbp_offset);
}

static struct cfi_row expected_row(Dwarf_CFI *cfi, uintptr_t address)
{
    struct cfi_row row = {.kind = CFI_NONE}, cannot = {.kind = CFI_CANNOT};
    Dwarf_Frame *frame;
    Dwarf_Op memory[3], *ops;
    size_t count;
    bool signal;
    if (dwarf_cfi_addrframe(cfi, address, &frame))
        return row;
    int ra = dwarf_frame_info(frame, NULL, NULL, &signal);
    if (signal)
        row.kind = CFI_SIGNAL;
    else if (ra != 16 || dwarf_frame_register(frame, ra, memory, &ops, &count))
        row = cannot;
    else if (count == 0 && ops == memory)
        row.kind = CFI_OUTERMOST;
    else if (count != 2 || ops[0].atom != DW_OP_call_frame_cfa || (int64_t)ops[1].number != -8 ||
             !expected_rbp(frame, &row) || !expected_cfa(frame, &row))
        row = cannot;
    free(frame);
    return row;
}

static bool same_row(const struct cfi_row *a, const struct cfi_row *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind <= CFI_SIGNAL)
        return true;
    return a->offset == b->offset && a->rbp == b->rbp &&
           (a->rbp == CFI_RBP_UNCHANGED || a->rbp_offset == b->rbp_offset);
}

struct tally {
    unsigned compared, different, cannot;
    unsigned kinds[CFI_PLT + 1];
};

static void compare_range(Dwarf_CFI *cfi, uintptr_t bias, GElf_Shdr *section, struct tally *tally)
{
    for (GElf_Addr at = section->sh_addr; at < section->sh_addr + section->sh_size; at += 4) {
        bool in_module;
        struct cfi_row ours = cfi_row_at(bias + at, &in_module), theirs = expected_row(cfi, at);
        tally->compared++;
        tally->kinds[ours.kind]++;
        tally->cannot += ours.kind == CFI_CANNOT;
        tally->different += !in_module || !same_row(&ours, &theirs);
    }
}

static struct tally compare_module(const void *code)
{
    struct tally tally = {0};
    const struct module *module = modules_get(modules_find((uintptr_t)code));
    CU_ASSERT_PTR_NOT_NULL_FATAL(module);
    int fd = open(module->path, O_RDONLY | O_CLOEXEC);
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    Dwarf_CFI *cfi = dwarf_getcfi_elf(elf);
    CU_ASSERT_PTR_NOT_NULL_FATAL(cfi);
    Elf_Scn *scn = NULL;
    while ((scn = elf_nextscn(elf, scn)) != NULL) {
        GElf_Shdr section;
        if (gelf_getshdr(scn, &section) && (section.sh_flags & SHF_EXECINSTR))
            compare_range(cfi, module->bias, &section, &tally);
    }
    dwarf_cfi_end(cfi);
    elf_end(elf);
    close(fd);
    return tally;
}

TEST(rows_of_this_program, "rows of this program equal those of elfutils")
{
    struct tally tally = compare_module((const void *)(uintptr_t)&rows_of_this_program);
    CU_ASSERT(tally.compared > 1000);
    CU_ASSERT_EQUAL(tally.different, 0);
    CU_ASSERT(tally.cannot < tally.compared / 100);
    CU_ASSERT(tally.kinds[CFI_RSP] > 0 && tally.kinds[CFI_RBP] > 0);
}

TEST(rows_of_libc, "rows of libc equal those of elfutils")
{
    struct tally tally = compare_module((const void *)(uintptr_t)&abort);
    CU_ASSERT(tally.compared > 100000);
    CU_ASSERT_EQUAL(tally.different, 0);
    CU_ASSERT(tally.cannot < tally.compared / 1000);
    CU_ASSERT(tally.kinds[CFI_OUTERMOST] > 0 && tally.kinds[CFI_SIGNAL] > 0);
    CU_ASSERT(tally.kinds[CFI_PLT] > 0);
}

/* Whatever of these is installed. */
TEST(rows_of_libraries, "rows of libraries equal those of elfutils")
{
    static const char *const names[] = {"libstdc++.so.6", "libcrypto.so.3", "libm.so.6",
                                        "ld-linux-x86-64.so.2"};
    unsigned seen = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        struct link_map *library = dlopen(names[i], RTLD_LAZY);
        if (!library)
            continue;
        struct tally tally = compare_module(library->l_ld);
        CU_ASSERT_EQUAL(tally.different, 0);
        CU_ASSERT(tally.cannot < tally.compared / 40); /* assembly with a CFA in other registers */
        seen++;
    }
    CU_ASSERT(seen >= 2);
}

/* ---- damaged tables */

/* A copy of what is mapped of libc from its .eh_frame_hdr on, in front of an inaccessible page. All
 * its references are relative, and code is not looked at, so it works as well as the original. */
struct copy {
    uint8_t *room;
    size_t length, mapped;
    intptr_t moved;
    struct cfi_module module;
};

static struct copy copy_tables(void)
{
    struct dl_find_object object;
    struct copy copy;
    Dl_info info;
    const ElfW(Sym) * symbol;
    CU_ASSERT_EQUAL_FATAL(_dl_find_object((void *)(uintptr_t)&abort, &object), 0);
    CU_ASSERT_FATAL(dladdr1((void *)(uintptr_t)&abort, &info, (void **)&symbol, RTLD_DL_SYMENT) !=
                    0);
    uintptr_t from = (uintptr_t)object.dlfo_eh_frame, end = 0;
    const ElfW(Ehdr) *header = object.dlfo_map_start;
    const ElfW(Phdr) *segments = (const void *)((const char *)header + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++) {
        uintptr_t start = object.dlfo_link_map->l_addr + segments[i].p_vaddr;
        if (segments[i].p_type == PT_LOAD && from >= start && from < start + segments[i].p_filesz)
            end = start + segments[i].p_filesz;
    }
    CU_ASSERT_FATAL(end > from);
    copy.length = end - from;
    copy.mapped = align_up(copy.length, PAGE_SIZE) + 2 * PAGE_SIZE;
    copy.room = mmap(NULL, copy.mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(copy.room != MAP_FAILED);
    mprotect(copy.room + PAGE_SIZE, copy.mapped - 2 * PAGE_SIZE, PROT_READ | PROT_WRITE);
    uint8_t *to = copy.room + copy.mapped - PAGE_SIZE - align_up(copy.length, 8);
    memcpy(to, (void *)from, copy.length);
    copy.moved = (intptr_t)to - (intptr_t)from;
    copy.module = (struct cfi_module){(uintptr_t)to, (uintptr_t)to, (uintptr_t)to + copy.length};
    return copy;
}

TEST(damaged_tables, "damaged tables")
{
    struct copy copy = copy_tables();
    const struct module *libc = modules_get(modules_find((uintptr_t)&abort));
    uint8_t *bytes = (uint8_t *)copy.module.header;
    bool in_module;
    unsigned understood = 0;
    struct cfi_row original = cfi_row_at((uintptr_t)&abort, &in_module);
    struct cfi_row moved = cfi_row_in(&copy.module, (uintptr_t)&abort + (uintptr_t)copy.moved);
    CU_ASSERT(original.kind == CFI_RSP && same_row(&original, &moved));
    srand(1);
    for (int round = 0; round < 300; round++) {
        struct {
            size_t place;
            uint8_t byte;
        } undo[2000];
        for (size_t i = 0; i < ARRAY_LENGTH(undo); i++) {
            size_t place =
                i < 2 && round % 8 == 0 ? (size_t)rand() % 16 : (size_t)rand() % copy.length;
            undo[i].place = place;
            undo[i].byte = bytes[place];
            bytes[place] = (uint8_t)(rand() % 2 ? rand() : 0xff);
        }
        for (int i = 0; i < 2000; i++) {
            uintptr_t pc = libc->start + (uintptr_t)rand() % (libc->end - libc->start);
            understood += cfi_row_in(&copy.module, pc + (uintptr_t)copy.moved).kind > CFI_CANNOT;
        }
        for (size_t i = ARRAY_LENGTH(undo); i-- > 0;)
            bytes[undo[i].place] = undo[i].byte;
    }
    CU_ASSERT(understood > 1000);
    for (size_t cut = 0; cut < 64; cut++) {
        struct cfi_module shorter = copy.module;
        shorter.end = shorter.start + cut;
        CU_ASSERT(cfi_row_in(&shorter, (uintptr_t)&abort + (uintptr_t)copy.moved).kind <=
                  CFI_CANNOT);
    }
    munmap(copy.room, copy.mapped);
}

/* ---- single steps */

TEST(garbage_registers, "garbage in registers and on the stack")
{
    struct dl_find_object object;
    uintptr_t stack[64];
    CU_ASSERT_EQUAL_FATAL(_dl_find_object((void *)(uintptr_t)&abort, &object), 0);
    uintptr_t start = (uintptr_t)object.dlfo_map_start,
              size = (uintptr_t)object.dlfo_map_end - start;
    srand(2);
    for (int round = 0; round < 200000; round++) {
        uintptr_t values[] = {0,
                              8,
                              (uintptr_t)stack,
                              UINTPTR_MAX,
                              UINTPTR_MAX - 7,
                              (uintptr_t)1 << 46,
                              start,
                              (uintptr_t)rand() * 4096};
        struct unwind_frame frame = {.pc = rand() % 4 ? start + (uintptr_t)rand() % size
                                                      : values[rand() % 8],
                                     .cfa = values[rand() % 8] + (uintptr_t)(rand() % 3) * 8,
                                     .rbp = values[rand() % 8] + (uintptr_t)(rand() % 3) * 8,
                                     .exact = rand() % 2};
        for (size_t i = 0; i < ARRAY_LENGTH(stack); i++)
            stack[i] = values[rand() % 8];
        for (int step = 0; step < 8 && unwind_step(&frame, UINTPTR_MAX); step++)
            ;
    }
    CU_PASS("no fault");
}

/* Code without unwind information whose caller is told by its frame pointer. */
TEST(frame_pointers, "frame pointers where there is no information")
{
    uintptr_t stack[8] = {0};
    stack[2] = (uintptr_t)&stack[6];
    stack[3] = 0x123456;
    struct unwind_frame frame = {
        .pc = (uintptr_t)stack, .cfa = (uintptr_t)&stack[1], .rbp = (uintptr_t)&stack[2]};
    struct unwind_frame too_low = frame, odd = frame, high = frame;
    CU_ASSERT(unwind_step(&frame, (uintptr_t)(stack + 8)));
    CU_ASSERT_EQUAL(frame.pc, 0x123456);
    CU_ASSERT_EQUAL(frame.cfa, (uintptr_t)&stack[4]);
    CU_ASSERT_EQUAL(frame.rbp, (uintptr_t)&stack[6]);
    CU_ASSERT(!unwind_step(
        &frame, (uintptr_t)(stack + 8))); /* there is 0 where the return address should be */
    too_low.rbp = (uintptr_t)&stack[0];
    CU_ASSERT(!unwind_step(&too_low, (uintptr_t)(stack + 8)));
    odd.rbp += 4;
    CU_ASSERT(!unwind_step(&odd, (uintptr_t)(stack + 8)));
    CU_ASSERT(!unwind_step(&high, (uintptr_t)(stack + 3)));
}
