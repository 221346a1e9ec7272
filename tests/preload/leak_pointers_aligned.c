// SPDX-License-Identifier: MIT
// options: leak_pointers=aligned:leak_kinds=possible
// Reported: all blocks that plain pointers do not hold: definite, and possible where only a mark is on the pointer.
#include "leak_pointers.h"
