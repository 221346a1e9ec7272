/* SPDX-License-Identifier: MIT
 *
 * For debug.sh: takes two locks in descending order of rank.
 */
#include "base/lock.h"

int main(void)
{
    lock_enter(LOCK_DEPOT);
    lock_enter(LOCK_MODULES);
    return 0;
}
