/* SPDX-License-Identifier: MIT */
#ifndef RENDER_TEXT_FINDING_H
#define RENDER_TEXT_FINDING_H

#include "render/view.h"

/* Writes the report of one finding, without a blank line before or after it. */
void text_finding(const struct view *view, const struct finding *finding);

/* Writes the reports of all findings with a blank line between them. */
view_writer text_findings;

/* The same, or that there are none. */
view_writer text_errors;

#endif
