/* SPDX-License-Identifier: MIT
 *
 * What programs that are prepared for LeakSanitizer define, to be asked by it at the end
 * (sanitizer/lsan_interface.h). They are the program's code: no lock of ours is held.
 */
#ifndef PROCESS_LSAN_HOOKS_H
#define PROCESS_LSAN_HOOKS_H

#include <stdbool.h>

/* Whether the program wants no search for leaks (__lsan_is_turned_off). */
bool lsan_hooks_turned_off(void);
/* What it does not want to be told of (__lsan_default_suppressions); "" for nothing. */
const char *lsan_hooks_suppressions(void);

#endif
