/* SPDX-License-Identifier: MIT */
#include "load/access.h"
#include "unit.h"

#include <string.h>

SUITE("report access", NULL, NULL);

struct expected {
    const char *code;
    size_t length;
    uint64_t address;
    bool write;
    uint64_t start, size; /* size 0: not found */
};

#define CODE(bytes) bytes, sizeof(bytes) - 1

static void set_registers(uint64_t *registers)
{
    memset(registers, 0, MMT_REGISTERS * sizeof *registers);
    registers[MMT_RAX] = 0x5000;
    registers[MMT_RCX] = 4;
    registers[MMT_RSP] = 0x9000;
    registers[MMT_RSI] = UINT64_C(0xffffffff00006ffe);
    registers[MMT_RDI] = 0x7ffe;
    registers[MMT_R12] = 0x3000;
    registers[MMT_RIP] = 0x1000;
    registers[MMT_FS_BASE] = 0x100000;
}

TEST(test_operands, "operands")
{
    static const struct expected cases[] = {
        {CODE("\x48\x8b\x40\x08"), 0x5008, false, 0x5008, 8}, /* mov rax, [rax+8] */
        {CODE("\x0f\xb6\x00"), 0x5000, false, 0x5000, 1}, /* movzx eax, byte [rax] */
        {CODE("\x89\x07"), 0x8000, true, 0x7ffe, 4}, /* mov [rdi], eax: crosses */
        {CODE("\x41\x8b\x44\x8c\x08"), 0x3018, false, 0x3018, 4}, /* mov eax, [r12+rcx*4+8] */
        {CODE("\x67\x8b\x06"), 0x6ffe, false, 0x6ffe, 4}, /* mov eax, [esi] */
        {CODE("\x8b\x05\x00\x01\x00\x00"), 0x1106, false, 0x1106, 4}, /* mov eax, [rip+0x100] */
        {CODE("\x64\x48\x8b\x04\x25\x10\x00\x00\x00"), 0x100010, false, 0x100010,
         8}, /* fs:[0x10] */
        {CODE("\x01\x08"), 0x5002, true, 0x5000, 4}, /* add [rax], ecx */
        {CODE("\xff\x30"), 0x5000, false, 0x5000, 8}, /* push [rax] */
        {CODE("\x50"), 0x8ff8, true, 0x8ff8, 8}, /* push rax */
        {CODE("\xff\x10"), 0x5004, false, 0x5000, 8}, /* call [rax] */
        {CODE("\xc5\xfe\x6f\x07"), 0x8000, false, 0x7ffe, 32}, /* vmovdqu ymm0, [rdi] */
        {CODE("\xc4\xe2\x7d\x2c\x07"), 0x8008, false, 0x8006, 4}, /* vmaskmovps: one element */
        {CODE("\x0f\xae\x00"), 0x5100, true, 0x5000, 512}, /* fxsave [rax] */
    };
    uint64_t registers[MMT_REGISTERS];
    set_registers(registers);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct expected *one = &cases[i];
        struct access access = {0};
        CU_ASSERT_TRUE(access_decode((const uint8_t *)one->code, one->length, registers,
                                     one->address, one->write, &access));
        CU_ASSERT_EQUAL(access.start, one->start);
        CU_ASSERT_EQUAL(access.size, one->size);
    }
}

/* A string instruction that moves between two faulting places is told apart by the direction. */
TEST(test_strings, "strings")
{
    uint64_t registers[MMT_REGISTERS];
    struct access access;
    set_registers(registers);
    registers[MMT_RSI] = registers[MMT_RDI] = 0x7ffe;
    CU_ASSERT_TRUE(access_decode((const uint8_t *)"\xf3\xa4", 2, registers, 0x7ffe, true, &access));
    CU_ASSERT_EQUAL(access.size, 1);
    CU_ASSERT_TRUE(
        access_decode((const uint8_t *)"\xf3\x48\xab", 3, registers, 0x8000, true, &access));
    CU_ASSERT_EQUAL(access.start, 0x7ffe);
    CU_ASSERT_EQUAL(access.size, 8);
    registers[MMT_RSI] = 0x6000;
    CU_ASSERT_TRUE(
        access_decode((const uint8_t *)"\xf3\xa5", 2, registers, 0x6001, false, &access));
    CU_ASSERT_EQUAL(access.start, 0x6000);
    CU_ASSERT_EQUAL(access.size, 4);
}

TEST(test_no_operand_covers, "no operand covers")
{
    uint64_t registers[MMT_REGISTERS];
    struct access access;
    set_registers(registers);
    CU_ASSERT_FALSE(
        access_decode((const uint8_t *)"\x48\x8b\x40\x08", 4, registers, 0x5010, false, &access));
    CU_ASSERT_FALSE(
        access_decode((const uint8_t *)"\x48\x8b\x40\x08", 4, registers, 0x5007, false, &access));
    CU_ASSERT_FALSE(
        access_decode((const uint8_t *)"\x48\x8b", 2, registers, 0x5008, false, &access));
    CU_ASSERT_FALSE(access_decode((const uint8_t *)"\x06", 1, registers, 0, false, &access));
    CU_ASSERT_FALSE(access_decode((const uint8_t *)"", 0, registers, 0, false, &access));
    CU_ASSERT_FALSE(access_decode((const uint8_t *)"\x90", 1, registers, 0, false, &access));
    /* lea computes an address and accesses nothing */
    CU_ASSERT_FALSE(
        access_decode((const uint8_t *)"\x48\x8d\x40\x08", 4, registers, 0x5008, false, &access));
}
