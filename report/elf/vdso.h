/* SPDX-License-Identifier: MIT */
#ifndef ELF_VDSO_H
#define ELF_VDSO_H

/* The kernel maps its vdso into every process; it is in no file. Returns a descriptor of a copy of
 * ours, or -1. It is that of a trace only if the build-ids are the same. */
int vdso_open(void);

#endif
