/* SPDX-License-Identifier: MIT
 *
 * Reading memory that may be inaccessible. The read is one instruction at a known place; the fault handler asks probe_resume() first
 * and, if the fault came from there, goes on behind it. Works in any thread and with the world stopped, once libguard's fault handler is
 * installed.
 */
#ifndef BASE_PROBE_H
#define BASE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads the word at `address` into *value; false if it cannot be read. */
bool probe_word(uintptr_t address, uintptr_t *value);

/* For the fault handler: if `pc` is the reading instruction, the address to go on at, which makes probe_word() return false; else
 * 0. */
uintptr_t probe_resume(uintptr_t pc);

#endif
