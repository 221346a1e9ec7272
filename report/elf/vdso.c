/* SPDX-License-Identifier: MIT */
#include "elf/vdso.h"

#include "util/regularfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int vdso_open(void)
{
    FILE *maps = regularfile_stream("/proc/self/maps");
    char line[512];
    int descriptor = -1;
    while (maps != NULL && descriptor < 0 && fgets(line, sizeof line, maps) != NULL) {
        uint64_t start, end;
        if (strstr(line, "[vdso]") == NULL ||
            sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) != 2)
            continue;
        descriptor = memfd_create("vdso", MFD_CLOEXEC);
        size_t size = (size_t)(end - start);
        if (descriptor >= 0 &&
            write(descriptor, (const void *)(uintptr_t)start, size) != (ssize_t)size) {
            close(descriptor);
            descriptor = -1;
        }
        break;
    }
    if (maps != NULL)
        fclose(maps);
    return descriptor;
}
