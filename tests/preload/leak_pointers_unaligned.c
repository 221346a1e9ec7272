// SPDX-License-Identifier: MIT
// options: leak_pointers=unaligned:leak_kinds=possible
// Reported: what only pointers with counters and marks hold. Those at odd addresses are found.
#include "leak_pointers.h"
