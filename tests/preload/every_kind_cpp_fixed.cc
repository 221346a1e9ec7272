// SPDX-License-Identifier: MIT
// Nothing is reported: the corrected twin of every_kind_cpp.
// flags: -pthread
#define FIXED
#include "every_kind_cpp.cc"
