/* SPDX-License-Identifier: MIT
 *
 * Runs a backend in a child process with limits on time and memory, since ELF and DWARF readers
 * meet files made to crash them: that costs the names of one module.
 */
#ifndef SYM_SYMCHILD_H
#define SYM_SYMCHILD_H

#include "sym/symbolizer.h"

/* Fills an answer made by sym_answer_init(). Returns NULL, or a text of static storage on how the
 * child failed; what it answered until then is kept. */
const char *symchild_resolve(const struct sym_backend *backend, const struct module *module,
                             const struct symsearch *search, const uint64_t *addresses,
                             struct sym_answer *answer);

#endif
