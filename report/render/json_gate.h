/* SPDX-License-Identifier: MIT */
#ifndef RENDER_JSON_GATE_H
#define RENDER_JSON_GATE_H

#include "query/gate.h"

#include <stdio.h>

/* Writes one object with all findings by fingerprint, which serves as a baseline too. */
void json_gate(FILE *out, const struct profile *profile, const struct gate *gate,
               const char *doubts);

/* The same of findings that were compared with nothing. */
void json_issues(FILE *out, const struct profile *profile, const struct issues *issues);

#endif
