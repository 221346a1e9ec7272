/* SPDX-License-Identifier: MIT */
#include "model/suppression.h"

void suppressions_free(struct suppressions *suppressions)
{
    strpool_free(&suppressions->strings);
    VEC_FREE(&suppressions->rules);
    VEC_FREE(&suppressions->patterns);
}
