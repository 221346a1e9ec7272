/* SPDX-License-Identifier: MIT
 *
 * Runs a fuzz target without a fuzzer: on each file given as it is, and on FUZZ_RUNS (default 0)
 * variants of them with bytes changed, numbers replaced by extreme ones, and ends cut off. The
 * variants are the same in every run with one FUZZ_SEED.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t state;

static uint64_t chance(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below != 0 ? state % below : 0;
}

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(2);
    }
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = malloc(*size + 1);
    if (data == NULL || fread(data, 1, *size, file) != *size) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return data;
}

static void mutate(uint8_t *data, size_t *size)
{
    static const uint64_t numbers[] = {0,         1,          7,         255,       65535,
                                       INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX};
    for (uint64_t times = 1 + chance(4); times != 0 && *size != 0; times--) {
        size_t at = chance(*size);
        uint64_t number = numbers[chance(sizeof numbers / sizeof *numbers)];
        size_t width = (size_t)1 << chance(4);
        switch (chance(4)) {
        case 0:
            data[at] ^= (uint8_t)(1u << chance(8));
            break;
        case 1:
            at &= ~(width - 1);
            memcpy(data + at, &number, width < *size - at ? width : *size - at);
            break;
        case 2: {
            size_t from = at + chance(*size - at);
            memmove(data + at, data + from, chance(*size - from + 1));
            break;
        }
        default:
            *size = chance(8) == 0 ? at : *size;
            break;
        }
    }
}

int main(int argc, char **argv)
{
    const char *runs = getenv("FUZZ_RUNS"), *seed = getenv("FUZZ_SEED");
    uint64_t count = runs != NULL ? strtoull(runs, NULL, 10) : 0;
    state = 0x9e3779b97f4a7c15u + (seed != NULL ? strtoull(seed, NULL, 10) : 0);
    for (int i = 1; i < argc; i++) {
        size_t size;
        uint8_t *data = read_file(argv[i], &size);
        LLVMFuzzerTestOneInput(data, size);
        for (uint64_t run = 0; run < count / (uint64_t)(argc - 1); run++) {
            size_t length = size;
            uint8_t *copy = malloc(size + 1);
            if (copy == NULL) {
                return 2;
            }
            memcpy(copy, data, size);
            mutate(copy, &length);
            LLVMFuzzerTestOneInput(copy, length);
            free(copy);
        }
        free(data);
    }
    printf("%d files, %llu variants\n", argc - 1, (unsigned long long)count);
    return 0;
}
