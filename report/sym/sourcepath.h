/* SPDX-License-Identifier: MIT */
#ifndef SYM_SOURCEPATH_H
#define SYM_SOURCEPATH_H

/* Returns `file`, behind `folder` (NULL: none) and a slash if it is not absolute, without parts "."
 * and without ".." where the part before it is known. To be released with free(). */
char *sourcepath_join(const char *folder, const char *file);

#endif
