/* SPDX-License-Identifier: MIT
 *
 * The contract of a symbolizer backend: a module and a batch of addresses in, chains of function
 * names out.
 *
 * A backend reads files nobody vouches for. It runs in a child process that may die
 * (sym/symchild.h), so it need not survive everything; it must not write to anything but its
 * answer.
 */
#ifndef SYM_SYMBOLIZER_H
#define SYM_SYMBOLIZER_H

#include "elf/symsearch.h"
#include "model/profile.h"
#include "util/strpool.h"
#include "util/vec.h"

#include <stddef.h>
#include <stdint.h>

/* Most functions inlined into one another that one address can stand for; deeper chains are cut. */
#define SYM_CHAIN_LONGEST 256

struct sym_chain {
    uint32_t first, count; /* symbols; innermost inlined first. count == 0: nothing known */
};

/* A file the names came from, as it was then. */
struct sym_file {
    const char *path;
    uint64_t size, mtime; /* mtime in nanoseconds */
};

struct sym_answer {
    struct strpool strings; /* texts of the symbols; names are demangled */
    char *held; /* bytes that texts point into, released with the answer; NULL: none */
    VEC(struct symbol) symbols;
    struct sym_chain *chains; /* one for each address */
    size_t count; /* of addresses */
    VEC(struct sym_file) files; /* all the names depend on; none: they must not be kept */
    const char *note; /* one line on why names are missing, or NULL */
    /* In: the process ends with this answer, so a backend need not release what it has opened. */
    bool last;
};

struct sym_backend {
    const char *name;
    /* Fills an answer made by sym_answer_init(). An address is one of the module's ELF file, of an
     * instruction (callers have subtracted 1 from return addresses). A file whose build-id is not
     * the module's must not be used. */
    void (*resolve)(const struct module *module, const struct symsearch *search,
                    const uint64_t *addresses, struct sym_answer *answer);
};

/* Functions and lines are read by report/dwarf, symbol tables by report/elf. libdw is asked for
 * what these do not do: units and what they cover, lists of ranges, texts and numbers of an entry,
 * which may be in another unit or file, and line tables that are not plain. */
extern const struct sym_backend sym_libdw;

/* libdwarf for DWARF. It is there to check the other one, with which it has the symbol tables in
 * common, and knows fewer forms; 1,000 addresses of libpython3.11-dbg take it 0.81 s instead of
 * 0.02. */
extern const struct sym_backend sym_libdwarf;

/* The backend of this name; libdw if it is NULL. */
const struct sym_backend *sym_backend(const char *name);

/* An answer for `count` addresses that knows nothing. */
void sym_answer_init(struct sym_answer *answer, size_t count);
void sym_answer_free(struct sym_answer *answer);

#endif
