/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_OWN_ALLOCATOR_H
#define PROCESS_OWN_ALLOCATOR_H

/* Says which module serves malloc() and its kin where that is not us. Once, in our constructor. */
void own_allocator_check(void);

#endif
