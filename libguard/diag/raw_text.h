/* SPDX-License-Identifier: MIT */
#ifndef DIAG_RAW_TEXT_H
#define DIAG_RAW_TEXT_H

#include "mmtrace.h"

/* A finding as text when mmreport cannot be run: the same facts, with module and offset instead of
 * names and lines. */
void raw_text_print(const struct mmt_finding *finding, const char *call, const char *where, int fd);

#endif
