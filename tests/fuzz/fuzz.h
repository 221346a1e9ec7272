/* SPDX-License-Identifier: MIT
 *
 * The fuzz targets: each takes any bytes and returns 0. entry.c makes one the whole of a fuzzer,
 * the unit tests run them all on the corpus.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int fuzz_load(const uint8_t *data, size_t size);
int fuzz_options(const uint8_t *data, size_t size);
int fuzz_launcher(const uint8_t *data, size_t size);
int fuzz_lists(const uint8_t *data, size_t size);

#endif
