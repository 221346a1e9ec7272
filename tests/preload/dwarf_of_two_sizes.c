// SPDX-License-Identifier: MIT
// Reported: use-after-free-write in in_small_unit and in_large_unit, the names in debug information. Two units, with offsets of 4 and of 8 bytes, share their abbreviations.
// compiler: gcc, clang takes its own abbreviations for the first of their section
#include "wipe.h"

asm(".text\n"
    ".macro writer name\n"
    ".type \\name, @function\n"
    "\\name: .cfi_startproc\n"
    "    movb $1, (%rdi)\n"
    "    ret\n"
    "    .cfi_endproc\n"
    ".size \\name, . - \\name\n"
    ".globl \\name\n"
    ".endm\n"
    "writer write_first\n"
    "writer write_second\n"

    ".section .debug_str, \"MS\", @progbits, 1\n"
    ".Lunit: .asciz \"unit\"\n"
    ".Lsmall: .asciz \"in_small_unit\"\n"
    ".Llarge: .asciz \"in_large_unit\"\n"

    ".section .debug_abbrev, \"\", @progbits\n"
    ".Labbreviations:\n"
    ".byte 1, 0x11, 1, 0x03, 0x0e, 0x11, 0x01, 0x12, 0x07, 0, 0\n" /* unit: name, low and high address */
    ".byte 2, 0x2e, 1, 0x03, 0x0e, 0x11, 0x01, 0x12, 0x07, 0, 0\n" /* function: the same */
    ".byte 3, 0x1d, 0, 0x31, 0x13, 0x11, 0x01, 0x12, 0x07, 0, 0\n" /* inlined: origin, low and high address */
    ".byte 4, 0x2e, 0, 0x03, 0x0e, 0, 0\n"                         /* its origin: name */
    ".byte 0\n"

    ".macro unit name text size\n"
    ".byte 1\n"
    ".\\size .Lunit\n"
    ".quad \\name, 4\n"
    ".byte 2\n"
    ".\\size .Lunit\n"
    ".quad \\name, 4\n"
    ".byte 3\n"
    ".long .Lorigin_\\text - .Lhead_\\text\n"
    ".quad \\name, 4\n"
    ".byte 0\n"
    ".Lorigin_\\text: .byte 4\n"
    ".\\size .L\\text\n"
    ".byte 0\n"
    ".endm\n"

    ".section .debug_info, \"\", @progbits\n"
    ".Lhead_small: .long 2f - 1f\n"
    "1: .short 4\n"
    ".long .Labbreviations\n"
    ".byte 8\n"
    "unit write_first small long\n"
    "2:\n"
    ".Lhead_large: .long 0xffffffff\n"
    ".quad 4f - 3f\n"
    "3: .short 4\n"
    ".quad .Labbreviations\n"
    ".byte 8\n"
    "unit write_second large quad\n"
    "4:\n"
    ".text\n");

void write_first(char *to), write_second(char *to);

int main(void)
{
    char *first = malloc(100), *second = malloc(100);
    free(first);
    free(second);
    write_first(first);
    write_second(second);
    say("after");
    return 0;
}
