// SPDX-License-Identifier: MIT
// Nothing is reported: the corrected twin of every_kind_c.
// flags: -pthread
#define FIXED
#include "every_kind_c.c"
