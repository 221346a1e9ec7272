// SPDX-License-Identifier: MIT
// options: leak_pointers=tagged:leak_kinds=possible
// Reported: what only pointers at odd addresses hold. Those with counters and marks are found.
#include "leak_pointers.h"
