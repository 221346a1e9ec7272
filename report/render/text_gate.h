/* SPDX-License-Identifier: MIT */
#ifndef RENDER_TEXT_GATE_H
#define RENDER_TEXT_GATE_H

#include "render/view.h"

/* Writes "N new, M known, K fixed", a paragraph for each finding that is new or has grown, a line
 * for each that is fixed, what is not kept of the policy, and the verdict. */
view_writer text_gate;

/* Adds the programs an issue was seen in: "demo (pid 12), worker (pid 14) and 3 more". */
void text_gate_programs(struct textbuf *buffer, const struct profile *profile,
                        const struct issue *issue);

/* Adds "1,600 bytes in 50 blocks" or "2 errors". */
void text_gate_amount(struct textbuf *buffer, bool leak, uint64_t count, uint64_t bytes);

#endif
