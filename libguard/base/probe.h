/* SPDX-License-Identifier: MIT
 *
 * Reading memory that may be inaccessible. Each read is one instruction at a known place; the fault
 * handler asks probe_resume() first and, if the fault came from there, goes on behind it. Works in
 * any thread and with the world stopped, once libguard's fault handler is installed.
 */
#ifndef BASE_PROBE_H
#define BASE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the word at `address` into *value; false if it cannot be read. A debugger sees the fault of
 * one that cannot: below 64 KiB and beyond user space, where no memory ever is, nothing is tried.
 */
bool probe_word(uintptr_t address, uintptr_t *value);

/* Whether the byte at `address` can be written to. It keeps its value, whoever else writes to it.
 */
bool probe_writable(uintptr_t address);

/* Copies `size` bytes that may be inaccessible; false if a part of them cannot be read. */
bool probe_copy(void *to, const void *from, size_t size);

/* How many of the `count` words from `address` on equal `pattern`, up to the first that does not.
 * If one cannot be read, all count as equal. */
size_t probe_equal_words(uintptr_t address, size_t count, uintptr_t pattern);

/* What the word that ends at an address was. */
struct probe_word_before {
    uintptr_t end;
    uintptr_t value;
};

/* Whether the words are still the same: compared from the last one to the first. 0 if all are; else
 * 1 + the index of the first that was found different or cannot be read. */
size_t probe_compare(const struct probe_word_before *words, size_t count);

/* For the fault handler: if `pc` is one of the reading instructions, the address to go on at, which
 * makes the function fail; else 0. */
uintptr_t probe_resume(uintptr_t pc);

#endif
