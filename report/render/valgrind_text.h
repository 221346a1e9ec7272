/* SPDX-License-Identifier: MIT */
#ifndef RENDER_VALGRIND_TEXT_H
#define RENDER_VALGRIND_TEXT_H

#include "render/view.h"

/* Writes errors, and leaks of the view's kinds, as Valgrind prints them: "==12== Invalid write of
 * size 4". */
view_writer valgrind_text;

#endif
