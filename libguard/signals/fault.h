/* SPDX-License-Identifier: MIT */
#ifndef SIGNALS_FAULT_H
#define SIGNALS_FAULT_H

#include <signal.h>

/* Installs the handler of SIGSEGV and SIGBUS. Once. */
void fault_init(void);

#endif
