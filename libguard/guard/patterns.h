/* SPDX-License-Identifier: MIT
 *
 * Fill patterns (option fill): what a program reads where it should not looks like nothing it would
 * compute. A word of the pattern is no address, so that a pointer read from there faults when it is
 * used, and its highest byte is zero, so that a text ends.
 */
#ifndef GUARD_PATTERNS_H
#define GUARD_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmtrace.h"

#define PATTERN_FRESH 0x00bebebebebebebeu
#define PATTERN_FREED 0x00dfdfdfdfdfdfdfu

/* Fills memory that is new to the program, if the option asks for it. */
void pattern_fresh(void *memory, size_t size);

/* Fills a guard or freed page that was just opened to let the program go on, if the option asks for
 * it. */
void pattern_opened(uintptr_t address);

/* Writes where a value, or one it was the base of, probably comes from to `text`, cut to `size`;
 * false if it is not of a pattern. The poison of a freed block tells which one it was: that block
 * is entered into *finding. */
bool pattern_origin(uint64_t value, struct mmt_finding *finding, char *text, size_t size);

#endif
