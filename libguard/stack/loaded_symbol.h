/* SPDX-License-Identifier: MIT
 *
 * Finds a function by its name without dlsym(). That waits for the loader's lock, for ever where a
 * library's constructor or destructor, which run under it, waits for the thread that asks; and one
 * that fails allocates a message.
 */
#ifndef STACK_LOADED_SYMBOL_H
#define STACK_LOADED_SYMBOL_H

#include <stdbool.h>

/* The first definition among the modules in the order of their loading, those of dlopen() included;
 * `behind_us`: only among the modules behind libguard. Any version. NULL if there is none. Takes
 * the lock that dl_iterate_phdr() takes, under which no code of the program's runs but the
 * functions that are passed to it. */
void *loaded_symbol(const char *name, bool behind_us);

/* Whether ld.so has relocated libguard. Resolvers of indirect functions in libraries that come
 * before may call it earlier: then no function of another module can be called by its name, and
 * thread-local variables are out of reach. */
bool loaded_relocated(void);

/* The same as loaded_symbol(name, true) at that time. */
void *loaded_symbol_early(const char *name);

#endif
