/* SPDX-License-Identifier: MIT */
#ifndef ENTRY_FAULT_H
#define ENTRY_FAULT_H

#include <signal.h>

/* Installs the handler of SIGSEGV and SIGBUS. Once. */
void fault_init(void);

#endif
