/* SPDX-License-Identifier: MIT
 *
 * A finding in one sentence: "4-byte write at 0x..., 8 bytes past the end of a 24-byte block at
 * 0x...".
 */
#ifndef RENDER_FINDINGWORDS_H
#define RENDER_FINDINGWORDS_H

#include "model/profile.h"
#include "util/textbuf.h"

/* Adds the sentence, escaped, without the CWE and without a full stop. */
void findingwords_put(struct textbuf *buffer, const struct finding *finding);

/* Says whether damage was noticed later, mostly when the process ended: then nobody's stack was at
 * hand. */
bool findingwords_at_end(const struct finding *finding);

/* What the first stack of the finding shows: "at", "freed again at", "noticed at"; or what there is
 * instead of a stack. */
const char *findingwords_stack_heading(const struct finding *finding);

/* Adds a line for a list of suppressions that would take the finding, escaped; nothing if its stack
 * has no name. */
void findingwords_put_suppression(struct textbuf *buffer, const struct profile *profile,
                                  const struct finding *finding);

#endif
