/* SPDX-License-Identifier: MIT */
#include "common/editdistance.h"

enum { COLUMNS = 64 };

static unsigned editdistance_least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* By rows of the usual table, of which the last three are kept (optimal string alignment). */
unsigned editdistance(const char *from, const char *to)
{
    unsigned rows[3][COLUMNS];
    unsigned columns = 0;
    while (to[columns])
        if (++columns == COLUMNS)
            return EDITDISTANCE_FAR;
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    for (unsigned j = 0; j <= columns; j++)
        row[j] = j;
    for (unsigned i = 1; from[i - 1]; i++) {
        unsigned *oldest = before;
        before = above;
        above = row;
        row = oldest;
        row[0] = i;
        for (unsigned j = 1; j <= columns; j++) {
            row[j] = editdistance_least(above[j - 1] + (from[i - 1] != to[j - 1]),
                                        editdistance_least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = editdistance_least(row[j], before[j - 2] + 1);
        }
    }
    return row[columns];
}
