/* SPDX-License-Identifier: MIT */
#ifndef RENDER_JSON_STACKS_H
#define RENDER_JSON_STACKS_H

#include "query/callpath.h"
#include "render/jsonout.h"

/* A member that is the array of a stack's frames. */
void json_stack(struct jsonout *json, const char *key, const struct profile *profile,
                uint32_t stack, bool all_frames);

#endif
