/* SPDX-License-Identifier: MIT */
#ifndef BASE_STACK_SWITCH_H
#define BASE_STACK_SWITCH_H

/* Calls function(argument) on the stack that ends at `top`, a multiple of 16, and comes back. A
 * longjmp() out of the function works as from a signal handler on an alternate stack. Unwinders can
 * step from the function to the caller. */
void stack_switch_call(void (*function)(void *argument), void *argument, char *top)
    __attribute__((visibility("hidden")));

#endif
