/* SPDX-License-Identifier: MIT
 *
 * Debug files of debuginfod servers. Nothing is asked of the network unless the user wants it:
 * elfutils' client library is only loaded then. What it fetches stays in the folder that
 * symsearch_init() finds, where files are looked for in any case.
 */
#ifndef SYM_DEBUGINFOD_H
#define SYM_DEBUGINFOD_H

#include "model/profile.h"
#include "util/failure.h"

/* Loads the library. Returns false with `failure` set if it cannot be used, or no server is named
 * in DEBUGINFOD_URLS. */
bool debuginfod_start(struct failure *failure);

/* Fetches the debug file of a module, if it is not there yet. Returns true if there is one now.
 * Says on standard error when a server did not answer; that it has no such file is no fault. Only
 * after debuginfod_start(). */
bool debuginfod_fetch(const struct module *module);

#endif
