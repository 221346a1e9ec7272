/* SPDX-License-Identifier: MIT
 *
 * Text without stdio, malloc or locale: into a buffer, or through a buffer to a descriptor.
 * Signal-safe. Output that does not fit a buffer is cut; print_end() always terminates it.
 */
#ifndef BASE_PRINT_H
#define BASE_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct print {
    char *buffer;
    size_t size, used;
    int fd; /* -1: the buffer is the destination */
};

void print_to_buffer(struct print *p, char *buffer, size_t size);
/* Characters collect in `buffer` and are written out when it is full and at print_end(). */
void print_to_fd(struct print *p, int fd, char *buffer, size_t size);
void print_char(struct print *p, char c);
void print_text(struct print *p, const char *text);
void print_bytes(struct print *p, const char *text, size_t length);
void print_unsigned(struct print *p, uint64_t value);
void print_signed(struct print *p, int64_t value);
void print_hex(struct print *p, uint64_t value); /* with 0x */
/* Text from elsewhere: control characters are shown as \xNN. */
void print_foreign(struct print *p, const char *text, size_t length);
/* Writes out or terminates. */
void print_end(struct print *p);

#endif
