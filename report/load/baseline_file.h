/* SPDX-License-Identifier: MIT
 *
 * Baselines as files: one line a finding, sorted, so that two branches' changes merge:
 *
 *     FINGERPRINT KIND COUNT BYTES [(system) ]PATH
 *
 * A line "# made with: --kind=KIND,... [--own]" says what there may be ("none" is no kind). Other
 * lines that begin with '#', and empty ones, say nothing. A file of JSON serves as well: every
 * object in it with a member "fingerprint".
 */
#ifndef LOAD_BASELINE_FILE_H
#define LOAD_BASELINE_FILE_H

#include "model/baseline.h"
#include "util/failure.h"

/* Adds the entries of a file. Returns false with `failure` set. */
bool baseline_read(struct baseline *baseline, const char *path, struct failure *failure);

/* Writes the file in one step, or to standard output if the path is NULL. Sorts the entries, after
 * which baseline_find() must not be called any more. Returns false with `failure` set. */
bool baseline_write(struct baseline *baseline, const char *path, struct failure *failure);

#endif
