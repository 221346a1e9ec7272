/* SPDX-License-Identifier: MIT
 *
 * What mark.c leaves in the blocks, for itself and mark_results.c; see mark.c.
 */
#ifndef LEAK_MARK_WAVES_H
#define LEAK_MARK_WAVES_H

#include <stdint.h>

enum wave {
    OUTSIDE = 0, /* came to life since mark_begin(), by a thread that could not be stopped */
    UNSEEN,
    TOUCHED,
    REACHABLE,
    POSSIBLE,
    CANDIDATE,
    CLAIMED,
    DEFINITE,
    INDIRECT,
};

struct mark_leader {
    uint64_t blocks, bytes;
    uint32_t stack; /* of the DEFINITE block's allocation */
};

#endif
