/* SPDX-License-Identifier: MIT
 *
 * What a fuzzer calls: FUZZ_TARGET is the function of fuzz.h to be fuzzed.
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return FUZZ_TARGET(data, size);
}
