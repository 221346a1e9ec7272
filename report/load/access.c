/* SPDX-License-Identifier: MIT */
#include "load/access.h"

#include <Zydis/Zydis.h>

#include <string.h>

static void access_registers(const uint64_t *registers, ZydisRegisterContext *context)
{
    memset(context, 0, sizeof *context);
    for (unsigned i = 0; i < 16; i++) {
        context->values[ZYDIS_REGISTER_RAX + i] = registers[MMT_RAX + i];
        /* With an address-size prefix the base and index are the 32-bit names. */
        context->values[ZYDIS_REGISTER_EAX + i] = (uint32_t)registers[MMT_RAX + i];
    }
    context->values[ZYDIS_REGISTER_RIP] = registers[MMT_RIP];
}

/* An element of a vector that is loaded or stored under a mask, or gathered: which elements are
 * accessed depends on vector registers the trace does not have, so the range is the element that
 * holds `address`. */
static void access_element(const ZydisDecodedOperand *operand, uint64_t address,
                           struct access *access)
{
    uint64_t element = operand->element_size / 8u;
    if (element != 0 && element < access->size) {
        access->start += (address - access->start) / element * element;
        access->size = element;
    }
}

static bool access_masked(const ZydisDecodedInstruction *instruction)
{
    switch (instruction->mnemonic) {
    case ZYDIS_MNEMONIC_VMASKMOVPS:
    case ZYDIS_MNEMONIC_VMASKMOVPD:
    case ZYDIS_MNEMONIC_VPMASKMOVD:
    case ZYDIS_MNEMONIC_VPMASKMOVQ:
        return true;
    default:
        return instruction->avx.mask.reg != ZYDIS_REGISTER_NONE &&
               instruction->avx.mask.reg != ZYDIS_REGISTER_K0;
    }
}

static bool access_operand(const ZydisDecodedInstruction *instruction,
                           const ZydisDecodedOperand *operand, const uint64_t *registers,
                           uint64_t address, struct access *access)
{
    if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY || operand->size < 8)
        return false;
    if (operand->mem.type == ZYDIS_MEMOP_TYPE_VSIB) {
        access->start = address;
        access->size = operand->element_size / 8u;
        return access->size != 0;
    }
    if (operand->mem.type != ZYDIS_MEMOP_TYPE_MEM)
        return false;
    ZydisRegisterContext context;
    access_registers(registers, &context);
    ZyanU64 start = 0;
    if (!ZYAN_SUCCESS(
            ZydisCalcAbsoluteAddressEx(instruction, operand, registers[MMT_RIP], &context, &start)))
        return false;
    start += operand->mem.segment == ZYDIS_REGISTER_FS   ? registers[MMT_FS_BASE]
             : operand->mem.segment == ZYDIS_REGISTER_GS ? registers[MMT_GS_BASE]
                                                         : 0;
    /* push and call write below the stack pointer they start with. */
    bool below = operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN &&
                 operand->mem.base == ZYDIS_REGISTER_RSP &&
                 (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
    access->size = operand->size / 8u;
    access->start = below ? start - access->size : start;
    if (address - access->start >= access->size)
        return false;
    if (access_masked(instruction))
        access_element(operand, address, access);
    return true;
}

bool access_decode(const uint8_t *code, size_t length, const uint64_t *registers, uint64_t address,
                   bool write, struct access *access)
{
    ZydisDecoder decoder;
    ZydisDecodedInstruction instruction;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    if (!ZYAN_SUCCESS(
            ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)) ||
        !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, length, &instruction, operands)))
        return false;
    bool found = false;
    for (unsigned i = 0; i < instruction.operand_count; i++) {
        struct access candidate;
        if (!access_operand(&instruction, &operands[i], registers, address, &candidate))
            continue;
        ZydisOperandActions wanted =
            write ? ZYDIS_OPERAND_ACTION_MASK_WRITE : ZYDIS_OPERAND_ACTION_MASK_READ;
        bool fits = (operands[i].actions & wanted) != 0;
        if (!found || fits) {
            *access = candidate;
            found = true;
        }
        if (fits)
            break;
    }
    return found;
}
