/* SPDX-License-Identifier: MIT
 *
 * The second reader, to check the first. It walks every unit that covers an address from its top to
 * its bottom; nothing is released, as it runs in a child process that ends with it. Split units and
 * files made by dwz are beyond the library's version that distributions have.
 */
#include "sym/libdwarf_api.h"

#include "elf/elfnames.h"
#include "elf/modulefile.h"
#include "sym/demangle.h"
#include "sym/sourcepath.h"
#include "sym/symbolizer.h"
#include "util/lowbound.h"

#include <stdlib.h>
#include <string.h>

#define LIBDWARF_RANGES  4096
#define LIBDWARF_DEEPEST 512

/* A function that covers addresses; `parent` is the one it is inlined into, plus 1. */
struct libdwarf_node {
    const char *function;
    uint32_t parent;
    uint32_t call_file, call_line, call_column;
};

struct libdwarf_query {
    uint64_t address; /* in front: lowbound.h */
    size_t index;
    uint32_t node; /* plus 1; the innermost one */
    struct symbol place;
    char **files;
    Dwarf_Signed file_count;
    unsigned version;
};

struct libdwarf {
    struct libdwarf_api api;
    Dwarf_Debug debug;
    struct sym_answer *answer;
    VEC(struct libdwarf_node) nodes;
    struct libdwarf_query *queries; /* by address */
    size_t count;
    unsigned version;
    uint64_t base; /* of the unit at hand */
    struct libdwarf_range ranges[LIBDWARF_RANGES];
};

static const char *libdwarf_text(struct libdwarf *state, const char *text)
{
    return text != NULL ? strpool_put(&state->answer->strings, text, strlen(text)) : NULL;
}

static const char *libdwarf_demangled(struct libdwarf *state, const char *name)
{
    char *plain = name != NULL ? demangle_name(name) : NULL;
    const char *result = libdwarf_text(state, plain);
    free(plain);
    return result;
}

static const char *libdwarf_linkage(struct libdwarf *state, const char *name)
{
    return name != NULL && strncmp(name, "_Z", 2) == 0
               ? strpool_put(&state->answer->strings, name, strcspn(name, "@"))
               : NULL;
}

static const char *libdwarf_file(struct libdwarf *state, const char *file)
{
    char *whole = sourcepath_join(NULL, file);
    const char *result = libdwarf_text(state, whole);
    free(whole);
    return result;
}

static size_t libdwarf_first(const struct libdwarf *state, uint64_t address)
{
    return lowbound(state->queries, state->count, sizeof *state->queries, address);
}

/* The name of a function, which may stand in the entry that this one refers to. */
static const char *libdwarf_name(struct libdwarf *state, Dwarf_Die die, unsigned depth)
{
    static const Dwarf_Half names[] = {DW_AT_linkage_name, DW_AT_MIPS_linkage_name, DW_AT_name};
    static const Dwarf_Half links[] = {DW_AT_abstract_origin, DW_AT_specification};
    const struct libdwarf_api *api = &state->api;
    Dwarf_Attribute attribute;
    const char *plain = NULL;
    for (size_t i = 0; i < 3; i++) {
        char *text;
        if (api->dwarf_attr(die, names[i], &attribute, NULL) == DW_DLV_OK &&
            api->dwarf_formstring(attribute, &text, NULL) == DW_DLV_OK) {
            if (i < 2)
                return text;
            plain = text;
        }
    }
    for (size_t i = 0; i < 2 && depth < 8; i++) {
        Dwarf_Off offset;
        Dwarf_Die other;
        if (api->dwarf_attr(die, links[i], &attribute, NULL) == DW_DLV_OK &&
            api->dwarf_global_formref(attribute, &offset, NULL) == DW_DLV_OK &&
            api->dwarf_offdie_b(state->debug, offset, 1, &other, NULL) == DW_DLV_OK) {
            const char *name = libdwarf_name(state, other, depth + 1);
            return name != NULL ? name : plain;
        }
    }
    return plain;
}

static uint32_t libdwarf_number(struct libdwarf *state, Dwarf_Die die, Dwarf_Half name)
{
    Dwarf_Attribute attribute;
    Dwarf_Unsigned value;
    Dwarf_Signed number;
    if (state->api.dwarf_attr(die, name, &attribute, NULL) != DW_DLV_OK)
        return 0;
    if (state->api.dwarf_formudata(attribute, &value, NULL) != DW_DLV_OK) {
        /* A constant of the abbreviation has a sign. */
        bool good = state->api.dwarf_formsdata(attribute, &number, NULL) == DW_DLV_OK;
        value = good && number > 0 ? (Dwarf_Unsigned)number : 0;
    }
    return value <= INT32_MAX ? (uint32_t)value : 0;
}

/* Makes a node for a function if it covers a query. Returns it plus 1, or 0. */
static uint32_t libdwarf_function(struct libdwarf *state, Dwarf_Die die, uint32_t parent)
{
    size_t count = libdwarf_ranges(&state->api, state->debug, die, state->version, state->base,
                                   state->ranges, LIBDWARF_RANGES);
    uint32_t node = 0;
    for (size_t i = 0; i < count; i++) {
        const struct libdwarf_range *range = &state->ranges[i];
        for (size_t at = libdwarf_first(state, range->start);
             at < state->count && state->queries[at].address < range->end; at++) {
            if (node == 0) {
                *VEC_PUSH(&state->nodes) = (struct libdwarf_node){
                    .function = libdwarf_demangled(state, libdwarf_name(state, die, 0)),
                    .parent = parent,
                    .call_file = libdwarf_number(state, die, DW_AT_call_file),
                    .call_line = libdwarf_number(state, die, DW_AT_call_line),
                    .call_column = libdwarf_number(state, die, DW_AT_call_column),
                };
                node = (uint32_t)state->nodes.count;
            }
            if (state->queries[at].node == parent)
                state->queries[at].node = node;
        }
    }
    return node;
}

static void libdwarf_children(struct libdwarf *state, Dwarf_Die above, uint32_t parent,
                              unsigned depth)
{
    const struct libdwarf_api *api = &state->api;
    Dwarf_Die die;
    if (depth == LIBDWARF_DEEPEST || api->dwarf_child(above, &die, NULL) != DW_DLV_OK)
        return;
    do {
        Dwarf_Half tag = 0;
        uint32_t node = parent;
        api->dwarf_tag(die, &tag, NULL);
        if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) {
            uint32_t outer = tag == DW_TAG_subprogram ? 0 : parent;
            node = libdwarf_function(state, die, outer);
            node = node != 0 ? node : outer;
        }
        libdwarf_children(state, die, node, depth + 1);
    } while (api->dwarf_siblingof_b(state->debug, die, 1, &die, NULL) == DW_DLV_OK);
}

/* Gives each query between this row of the line table and the next one the row's place. */
static void libdwarf_row(struct libdwarf *state, Dwarf_Line line, uint64_t start, uint64_t end)
{
    for (size_t at = libdwarf_first(state, start);
         at < state->count && state->queries[at].address < end; at++) {
        struct symbol *place = &state->queries[at].place;
        Dwarf_Unsigned number = 0, column = 0;
        char *file = NULL;
        state->api.dwarf_lineno(line, &number, NULL);
        state->api.dwarf_lineoff_b(line, &column, NULL);
        if (state->api.dwarf_linesrc(line, &file, NULL) == DW_DLV_OK)
            place->file = libdwarf_file(state, file);
        place->line = number <= INT32_MAX ? (uint32_t)number : 0;
        place->column = column <= INT32_MAX ? (uint32_t)column : 0;
    }
}

static void libdwarf_lines(struct libdwarf *state, Dwarf_Die unit)
{
    const struct libdwarf_api *api = &state->api;
    Dwarf_Unsigned version;
    Dwarf_Small tables;
    Dwarf_Line_Context context;
    Dwarf_Line *lines;
    Dwarf_Signed count;
    if (api->dwarf_srclines_b(unit, &version, &tables, &context, NULL) != DW_DLV_OK ||
        api->dwarf_srclines_from_linecontext(context, &lines, &count, NULL) != DW_DLV_OK)
        return;
    for (Dwarf_Signed i = 0; i + 1 < count; i++) {
        Dwarf_Bool last = 1;
        Dwarf_Addr start = 0, end = 0;
        api->dwarf_lineendsequence(lines[i], &last, NULL);
        api->dwarf_lineaddr(lines[i], &start, NULL);
        api->dwarf_lineaddr(lines[i + 1], &end, NULL);
        if (!last && start < end)
            libdwarf_row(state, lines[i], start, end);
    }
}

/* Says whether the unit covers a query, and remembers the unit's files with those it covers. */
static bool libdwarf_covers(struct libdwarf *state, Dwarf_Die unit)
{
    size_t count = libdwarf_ranges(&state->api, state->debug, unit, state->version, state->base,
                                   state->ranges, LIBDWARF_RANGES);
    char **files = NULL;
    Dwarf_Signed file_count = 0;
    bool covers = false;
    for (size_t i = 0; i < count; i++) {
        for (size_t at = libdwarf_first(state, state->ranges[i].start);
             at < state->count && state->queries[at].address < state->ranges[i].end; at++) {
            if (!covers && state->api.dwarf_srcfiles(unit, &files, &file_count, NULL) != DW_DLV_OK)
                file_count = 0;
            covers = true;
            state->queries[at].files = files;
            state->queries[at].file_count = file_count;
            state->queries[at].version = state->version;
        }
    }
    return covers;
}

static void libdwarf_units(struct libdwarf *state)
{
    const struct libdwarf_api *api = &state->api;
    Dwarf_Unsigned length, type_offset, next;
    Dwarf_Off abbreviations;
    Dwarf_Half version, address_size, length_size, extension, type;
    Dwarf_Sig8 signature;
    while (api->dwarf_next_cu_header_d(state->debug, 1, &length, &version, &abbreviations,
                                       &address_size, &length_size, &extension, &signature,
                                       &type_offset, &next, &type, NULL) == DW_DLV_OK) {
        Dwarf_Die unit;
        Dwarf_Addr low = 0;
        if (api->dwarf_siblingof_b(state->debug, NULL, 1, &unit, NULL) != DW_DLV_OK)
            continue;
        api->dwarf_lowpc(unit, &low, NULL);
        state->version = version;
        state->base = low;
        if (libdwarf_covers(state, unit)) {
            libdwarf_children(state, unit, 0, 0);
            libdwarf_lines(state, unit);
        }
    }
}

/* Writes the chain of one address, from the innermost function outwards. */
static void libdwarf_chain(struct libdwarf *state, const struct libdwarf_query *query,
                           const char *mangled)
{
    const char *name = libdwarf_demangled(state, mangled);
    struct sym_answer *answer = state->answer;
    struct sym_chain *chain = &answer->chains[query->index];
    struct symbol symbol = query->place;
    chain->first = (uint32_t)answer->symbols.count;
    for (uint32_t node = query->node; node != 0 && chain->count + 1 < SYM_CHAIN_LONGEST;) {
        const struct libdwarf_node *at = &state->nodes.items[node - 1];
        symbol.function = at->function;
        symbol.inlined = at->parent != 0;
        *VEC_PUSH(&answer->symbols) = symbol;
        chain->count++;
        /* The first file has number 1, from DWARF 5 on 0. */
        int64_t file = (int64_t)at->call_file - (query->version >= 5 ? 0 : 1);
        bool known = file >= 0 && file < query->file_count;
        symbol = (struct symbol){.file = known ? libdwarf_file(state, query->files[file]) : NULL,
                                 .line = at->call_line,
                                 .column = at->call_column};
        node = at->parent;
    }
    if (chain->count != 0) {
        struct symbol *outermost = &answer->symbols.items[answer->symbols.count - 1];
        outermost->function = name != NULL ? name : outermost->function;
        outermost->linkage = libdwarf_linkage(state, mangled);
    } else if (name != NULL || symbol.file != NULL) {
        symbol.function = name;
        symbol.linkage = libdwarf_linkage(state, mangled);
        *VEC_PUSH(&answer->symbols) = symbol;
        chain->count = 1;
    }
}

static int libdwarf_by_address(const void *left, const void *right)
{
    const struct libdwarf_query *a = left, *b = right;
    return a->address < b->address ? -1 : a->address > b->address;
}

static void libdwarf_resolve(const struct module *module, const struct symsearch *search,
                             const uint64_t *addresses, struct sym_answer *answer)
{
    struct libdwarf *state = xalloc_zeroed(1, sizeof *state);
    struct modulefile file;
    struct elfnames names = {0};
    modulefile_open(&file, module, search, &names);
    state->answer = answer;
    state->count = answer->count;
    state->queries = xalloc_zeroed(answer->count + 1, sizeof *state->queries);
    for (size_t i = 0; i < answer->count; i++)
        state->queries[i] = (struct libdwarf_query){.address = addresses[i], .index = i};
    qsort(state->queries, state->count, sizeof *state->queries, libdwarf_by_address);
    answer->note = libdwarf_text(state, file.note);
    if (!libdwarf_load(&state->api))
        answer->note = libdwarf_text(state, "cannot be read with libdwarf, which is not installed");
    else if (file.dwarf_fd >= 0 && libdwarf_open(&state->api, file.dwarf_fd, &state->debug))
        libdwarf_units(state);
    for (size_t i = 0; i < state->count; i++) {
        const struct libdwarf_query *query = &state->queries[i];
        libdwarf_chain(state, query, elfnames_find(&names, query->address));
    }
    elfnames_free(&names);
    modulefile_close(&file);
    free(state->queries);
    VEC_FREE(&state->nodes);
    free(state);
}

const struct sym_backend sym_libdwarf = {"libdwarf", libdwarf_resolve};
