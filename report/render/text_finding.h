/* SPDX-License-Identifier: MIT */
#ifndef RENDER_TEXT_FINDING_H
#define RENDER_TEXT_FINDING_H

#include "model/profile.h"
#include "render/style.h"

/* Writes the report of one finding, without a blank line before or after it. */
void text_finding(const struct style *style, const struct profile *profile,
                  const struct finding *finding);

#endif
