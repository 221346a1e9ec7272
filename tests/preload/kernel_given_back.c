// SPDX-License-Identifier: MIT
// Nothing is reported: pages of a live block that the program gave back to the kernel by system
// calls of its own are there for the next call, and zero.
#define _GNU_SOURCE
#include "wipe.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 16 * 4096 };

static char *block;

static long raw(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}

static void give_back(int how)
{
    memset(block, 1, SIZE);
    if (how)
        REQUIRE(raw(SYS_madvise, (long)block, SIZE, MADV_DONTNEED) == 0);
    else
        REQUIRE(syscall(SYS_madvise, block, SIZE, MADV_DONTNEED) == 0);
}

int main(void)
{
    int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY), ends[2];
    block = aligned_alloc(4096, SIZE);
    REQUIRE(pipe(ends) == 0);
    for (int how = 0; how < 2; how++) {
        give_back(how);
        REQUIRE(read(zero, block, SIZE) == SIZE);
        give_back(how);
        REQUIRE(write(ends[1], block + 5000, 100) == 100);
        REQUIRE(block[5050] == 0 && read(ends[0], block + 9000, 100) == 100);
        give_back(how);
        struct iovec vector[2] = {{block, 100}, {block + 8192, 100}};
        REQUIRE(readv(zero, vector, 2) == 200);
        give_back(how);
        REQUIRE(nanosleep((void *)(block + 4096), NULL) == 0);
        give_back(how);
        REQUIRE(fstat(null, (void *)block) == 0);
        for (size_t i = 4096; i < SIZE; i++)
            REQUIRE(block[i] == 0);
    }
    free(block);
    say("after");
    return 0;
}
