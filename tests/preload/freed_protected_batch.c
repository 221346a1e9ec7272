// SPDX-License-Identifier: MIT
// options: revoke=batch:16
// Nothing is reported: as freed_protected, where frees wait for others before they are revoked.
#include "freed_protected.c"
