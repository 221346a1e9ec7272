/* SPDX-License-Identifier: MIT
 *
 * What a faulting instruction accessed: the kernel tells the first byte that could not be accessed,
 * the instruction and the registers tell where the access began and how long it is.
 */
#ifndef LOAD_ACCESS_H
#define LOAD_ACCESS_H

#include "mmtrace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct access {
    uint64_t start; /* address of the first byte */
    uint64_t size; /* bytes */
};

/* Finds the operand of the x86-64 instruction `code` that covers `address`, and stores its range.
 * `registers` is indexed by enum mmt_register; `write` prefers an operand that is written. For
 * repeated string instructions the range is the element at hand. Returns false if no operand does:
 * the bytes are not the instruction that faulted. */
bool access_decode(const uint8_t *code, size_t length, const uint64_t *registers, uint64_t address,
                   bool write, struct access *access);

#endif
