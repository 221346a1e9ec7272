/* SPDX-License-Identifier: MIT */
#include "sym/symbolizer.h"

#include <string.h>

void sym_answer_init(struct sym_answer *answer, size_t count)
{
    memset(answer, 0, sizeof *answer);
    answer->chains = xalloc_zeroed(count, sizeof *answer->chains);
    answer->count = count;
}

void sym_answer_free(struct sym_answer *answer)
{
    free(answer->chains);
    VEC_FREE(&answer->symbols);
    VEC_FREE(&answer->files);
    strpool_free(&answer->strings);
    free(answer->held);
}

const struct sym_backend *sym_backend(const char *name)
{
    bool other = name != NULL && strcmp(name, sym_libdwarf.name) == 0;
    return other ? &sym_libdwarf : &sym_libdw;
}
