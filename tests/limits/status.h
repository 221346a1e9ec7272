/* SPDX-License-Identifier: MIT */
#ifndef LIMITS_STATUS_H
#define LIMITS_STATUS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A field of /proc/self/status with its colon, such as "VmRSS:"; -1 if it is not there. */
static long status_kilobytes(const char *field)
{
    char line[256];
    long value = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof(line), file))
        if (!strncmp(line, field, strlen(field)))
            value = atol(line + strlen(field));
    if (file)
        fclose(file);
    return value;
}

#endif
