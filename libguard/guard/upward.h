/* SPDX-License-Identifier: MIT
 *
 * What rooms ask of those above them, which they may not include: start/start.c says which function
 * it is.
 */
#ifndef GUARD_UPWARD_H
#define GUARD_UPWARD_H

#include "mmtrace.h"

struct guard_upward {
    /* The first half of the initialisation, with LOCK_INIT. */
    void (*initialise)(void);
    /* In a child made without the fork hooks (raw clone, _Fork): what they would have done. */
    void (*in_unannounced_child)(void);
    /* What the option on_error wants after a finding was reported. May not return. */
    void (*act_on_error)(const struct mmt_finding *finding);
    /* Writes the trace of a process that `signal` is about to kill. `context`: its handler's
     * ucontext_t, if leaks are to be looked for; else NULL. */
    void (*end_by_signal)(int signal, const void *context);
};

/* Filled in by the linker and the loader: not to be used before libguard is relocated. */
extern const struct guard_upward guard_upward __attribute__((visibility("hidden")));

#endif
