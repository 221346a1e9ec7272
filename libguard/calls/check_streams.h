/* SPDX-License-Identifier: MIT */
#ifndef CALLS_CHECK_STREAMS_H
#define CALLS_CHECK_STREAMS_H

#include "stack/capture.h"

/* All streams are about to be flushed because the process ends; `start` is where it called for
 * that. */
void check_streams_at_exit(struct stack_start start);

#endif
