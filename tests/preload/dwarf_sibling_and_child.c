// SPDX-License-Identifier: MIT
// Reported: use-after-free-write in in_unit, the name in debug information, where each of many entries has the next one both as its child and as its sibling.
// compiler: gcc, clang takes its own abbreviations for the first of their section
#include "wipe.h"

asm(".text\n"
    "write_one: .cfi_startproc\n"
    "    movb $1, (%rdi)\n"
    "    ret\n"
    "    .cfi_endproc\n"
    ".type write_one, @function\n"
    ".size write_one, . - write_one\n"
    ".globl write_one\n"

    ".section .debug_abbrev, \"\", @progbits\n"
    ".Labbreviations:\n"
    ".byte 1, 0x11, 1, 0x03, 0x16, 0x11, 0x01, 0x12, 0x07, 0, 0\n" /* unit: name (its form is in it), low and high address */
    ".byte 2, 0x2e, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x07, 0, 0\n" /* function: the same */
    ".byte 3, 0x1d, 0, 0x31, 0x13, 0x11, 0x01, 0x12, 0x07, 0, 0\n" /* inlined: origin, low and high address */
    ".byte 4, 0x2e, 0, 0x03, 0x08, 0, 0\n"                         /* its origin: name */
    ".byte 5, 0x39, 1, 0x01, 0x13, 0, 0\n"                         /* namespace: sibling */
    ".byte 0\n"

    ".section .debug_info, \"\", @progbits\n"
    ".Lhead: .long 2f - 1f\n"
    "1: .short 4\n"
    ".long .Labbreviations\n"
    ".byte 8\n"
    ".byte 1, 0x08\n"
    ".asciz \"unit\"\n"
    ".quad write_one, 4\n"
    ".byte 2\n"
    ".asciz \"unit\"\n"
    ".quad write_one, 4\n"
    ".byte 3\n"
    ".long .Lorigin - .Lhead\n"
    ".quad write_one, 4\n"
    ".byte 0\n"
    ".Lorigin: .byte 4\n"
    ".asciz \"in_unit\"\n"
    ".rept 60\n"
    ".byte 5\n"
    ".long . + 4 - .Lhead\n"
    ".endr\n"
    ".fill 61, 1, 0\n"
    "2:\n"
    ".text\n");

void write_one(char *to);

int main(void)
{
    char *block = malloc(100);
    free(block);
    write_one(block);
    say("after");
    return 0;
}
