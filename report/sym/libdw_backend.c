/* SPDX-License-Identifier: MIT */
#include "dwarf/dwarfunits.h"
#include "dwarf/dwarfwalk.h"
#include "dwarf/linescan.h"
#include "elf/debugfile.h"
#include "elf/elfnames.h"
#include "sym/demangle.h"
#include "sym/sourcepath.h"
#include "sym/symbolizer.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct libdw_name {
    const char *mangled, *plain;
};

/* The line table of the unit at work: rows of the queries by linescan.h, or libdw's. */
struct libdw_lines {
    Dwarf_Die *unit;
    bool scanned;
    struct linescan_row *rows;
    Dwarf_Files *files; /* if not scanned; may be NULL */
};

struct libdw {
    struct debugfile file;
    struct elfnames names;
    struct dwarfunits units;
    struct dwarfwalk walk;
    struct linescan lines;
    struct sym_answer *answer;
    /* Names that were demangled, by address: many addresses are of one function. */
    struct idmap mangled;
    VEC(struct libdw_name) names_known;
};

static const char *libdw_text(struct libdw *state, const char *text)
{
    return text != NULL ? strpool_put(&state->answer->strings, text, strlen(text)) : NULL;
}

/* A file's name as it is given to users: whole, as far as the unit tells the folder it was compiled
 * in. */
static const char *libdw_file(struct libdw *state, const char *file, Dwarf_Die *unit)
{
    Dwarf_Attribute attribute;
    const char *folder = NULL;
    if (file == NULL)
        return NULL;
    if (file[0] != '/')
        folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    char *whole = sourcepath_join(folder, file);
    const char *result = libdw_text(state, whole);
    free(whole);
    return result;
}

static bool libdw_name_equal(const void *context, uint32_t id, const void *key)
{
    return ((const struct libdw *)context)->names_known.items[id - 1].mangled == key;
}

static const char *libdw_demangled(struct libdw *state, const char *name)
{
    if (name == NULL)
        return NULL;
    uint64_t hash = idmap_mix(15, (uintptr_t)name);
    uint32_t id = idmap_find(&state->mangled, hash, libdw_name_equal, state, name);
    if (id == 0) {
        char *plain = demangle_name(name);
        *VEC_PUSH(&state->names_known) = (struct libdw_name){name, libdw_text(state, plain)};
        id = (uint32_t)state->names_known.count;
        idmap_add(&state->mangled, hash, id);
        free(plain);
    }
    return state->names_known.items[id - 1].plain;
}

/* The name as lists of suppressions may have it, without its version. */
static const char *libdw_linkage(struct libdw *state, const char *name)
{
    return name != NULL && strncmp(name, "_Z", 2) == 0
               ? strpool_put(&state->answer->strings, name, strcspn(name, "@"))
               : NULL;
}

static const char *libdw_function(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    const char *name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
    if (name == NULL)
        name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute));
    if (name == NULL)
        name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
    return name;
}

static uint32_t libdw_number(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (dwarf_formudata(dwarf_attr(die, name, &attribute), &value) != 0 || value > INT32_MAX)
        return 0;
    return (uint32_t)value;
}

/* The file of the table with this number. */
static const char *libdw_numbered(struct libdw *state, const struct libdw_lines *lines,
                                  uint64_t number)
{
    if (!lines->scanned) {
        const char *file =
            lines->files != NULL ? dwarf_filesrc(lines->files, number, NULL, NULL) : NULL;
        return libdw_file(state, file, lines->unit);
    }
    Dwarf_Attribute attribute;
    const char *folder = dwarf_formstring(dwarf_attr(lines->unit, DW_AT_comp_dir, &attribute));
    char *file = linescan_file(&state->lines, number, folder);
    const char *result = libdw_file(state, file, lines->unit);
    free(file);
    return result;
}

/* Where the function `die` was inlined. */
static void libdw_call_site(struct libdw *state, Dwarf_Die *die, const struct libdw_lines *lines,
                            struct symbol *caller)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file;
    caller->file = NULL;
    if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &file) == 0)
        caller->file = libdw_numbered(state, lines, file);
    caller->line = libdw_number(die, DW_AT_call_line);
    caller->column = libdw_number(die, DW_AT_call_column);
}

static void libdw_line(struct libdw *state, Dwarf_Die *unit, uint64_t address,
                       struct symbol *symbol)
{
    Dwarf_Line *line = dwarf_getsrc_die(unit, address);
    int number = 0, column = 0;
    if (line == NULL)
        return;
    symbol->file = libdw_file(state, dwarf_linesrc(line, NULL, NULL), unit);
    if (dwarf_lineno(line, &number) == 0 && number > 0)
        symbol->line = (uint32_t)number;
    if (dwarf_linecol(line, &column) == 0 && column > 0)
        symbol->column = (uint32_t)column;
}

/* Reads the unit's line table for its queries. */
static void libdw_lines(struct libdw *state, struct libdw_lines *lines,
                        const struct dwarfquery *queries, size_t count)
{
    Dwarf_Attribute attribute;
    Dwarf_Word offset;
    size_t files;
    lines->files = NULL;
    lines->scanned =
        dwarf_formudata(dwarf_attr(lines->unit, DW_AT_stmt_list, &attribute), &offset) == 0 &&
        linescan_unit(&state->lines, offset, queries, count, lines->rows);
    if (!lines->scanned && dwarf_getsrcfiles(lines->unit, &lines->files, &files) != 0)
        lines->files = NULL;
}

/* Writes the chain of one address, from the innermost function outwards. */
static void libdw_chain(struct libdw *state, const struct dwarfquery *query,
                        const struct libdw_lines *lines, size_t row)
{
    struct sym_answer *answer = state->answer;
    struct sym_chain *chain = &answer->chains[query->index];
    struct symbol symbol = {0};
    *chain = (struct sym_chain){.first = (uint32_t)answer->symbols.count};
    if (query->unit != DWARFUNITS_NONE && !lines->scanned) {
        libdw_line(state, lines->unit, query->address, &symbol);
    } else if (query->unit != DWARFUNITS_NONE && lines->rows[row].known) {
        symbol.file = libdw_numbered(state, lines, lines->rows[row].file);
        symbol.line = lines->rows[row].line;
        symbol.column = lines->rows[row].column;
    }
    uint32_t node = query->node;
    while (node != DWARFWALK_NONE && chain->count + 1 < SYM_CHAIN_LONGEST) {
        struct dwarfnode *at = &state->walk.nodes.items[node];
        symbol.inlined = at->parent != DWARFWALK_NONE;
        const char *mangled = libdw_function(&at->die);
        symbol.function = libdw_demangled(state, mangled);
        symbol.linkage = symbol.inlined ? NULL : mangled; /* until it is copied below */
        *VEC_PUSH(&answer->symbols) = symbol;
        chain->count++;
        if (symbol.inlined)
            libdw_call_site(state, &at->die, lines, &symbol);
        node = at->parent;
    }
    /* The symbol table tells parts and clones of a function apart, DWARF does not. */
    const char *mangled = elfnames_find(&state->names, query->address);
    const char *name = libdw_demangled(state, mangled);
    if (chain->count != 0) {
        struct symbol *outermost = &answer->symbols.items[answer->symbols.count - 1];
        outermost->function = name != NULL ? name : outermost->function;
        outermost->linkage = libdw_linkage(state, mangled != NULL ? mangled : outermost->linkage);
    } else if (name != NULL || symbol.file != NULL) {
        symbol.function = name;
        symbol.linkage = libdw_linkage(state, mangled);
        *VEC_PUSH(&answer->symbols) = symbol;
        chain->count = 1;
    }
}

static int libdw_by_address(const void *left, const void *right)
{
    const struct dwarfquery *a = left, *b = right;
    return a->address < b->address ? -1 : a->address > b->address;
}

static int libdw_by_unit(const void *left, const void *right)
{
    const struct dwarfquery *a = left, *b = right;
    if (a->unit != b->unit)
        return a->unit < b->unit ? -1 : 1;
    return a->address < b->address ? -1 : a->address > b->address;
}

/* Answers queries that are sorted by unit. */
static void libdw_queries(struct libdw *state, struct dwarfquery *queries, size_t count)
{
    struct libdw_lines lines = {.rows = xalloc_resize(NULL, count, sizeof *lines.rows)};
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && queries[end].unit == queries[i].unit; end++) {
        }
        if (queries[i].unit != DWARFUNITS_NONE) {
            struct dwarfunit *unit = &state->units.units.items[queries[i].unit];
            lines.unit = &unit->lines;
            dwarfwalk_unit(&state->walk, &unit->tree, queries + i, end - i);
            libdw_lines(state, &lines, queries + i, end - i);
        }
        for (size_t j = i; j < end; j++)
            libdw_chain(state, &queries[j], &lines, j - i);
    }
    free(lines.rows);
}

/* Gives each query its unit, if there is one. */
static void libdw_units(struct libdw *state, struct dwarfquery *queries, size_t count)
{
    uint64_t *addresses = xalloc_resize(NULL, count, sizeof *addresses);
    uint32_t *ranges = xalloc_resize(NULL, count, sizeof *ranges);
    for (size_t i = 0; i < count; i++)
        addresses[i] = queries[i].address;
    dwarfunits_cover(&state->units, addresses, count, ranges);
    for (size_t i = 0; i < count; i++)
        if (ranges[i] != DWARFUNITS_NONE)
            queries[i].unit = state->units.ranges.items[ranges[i]].unit;
    free(addresses);
    free(ranges);
}

/* Names the files the answer depends on. */
static void libdw_files(struct libdw *state)
{
    const struct debugfile *file = &state->file;
    const struct {
        const char *path;
        int descriptor;
    } files[] = {{file->path, file->elf_fd},
                 {file->debug_path, file->debug_fd},
                 {file->alternate_path, file->alternate_fd}};
    for (int i = 0; i < 3; i++) {
        struct stat status;
        if (files[i].descriptor < 0)
            continue;
        if (files[i].path == NULL || fstat(files[i].descriptor, &status) != 0) {
            state->answer->files.count = 0;
            return;
        }
        *VEC_PUSH(&state->answer->files) = (struct sym_file){
            libdw_text(state, files[i].path), (uint64_t)status.st_size,
            (uint64_t)status.st_mtim.tv_sec * 1000000000u + (uint64_t)status.st_mtim.tv_nsec};
    }
}

static void libdw_resolve(const struct module *module, const struct symsearch *search,
                          const uint64_t *addresses, struct sym_answer *answer)
{
    struct libdw state = {.answer = answer};
    size_t count = answer->count;
    struct dwarfquery *queries = xalloc_zeroed(count, sizeof *queries);
    for (size_t i = 0; i < count; i++)
        queries[i] = (struct dwarfquery){addresses[i], i, DWARFUNITS_NONE, DWARFWALK_NONE};
    qsort(queries, count, sizeof *queries, libdw_by_address);
    debugfile_open(&state.file, module, search);
    debugfile_names(&state.file, &state.names);
    if (state.file.dwarf != NULL) {
        dwarfunits_read(&state.units, state.file.dwarf);
        if (!state.units.split) {
            linescan_open(&state.lines, state.file.dwarf);
            libdw_files(&state);
        }
    }
    libdw_units(&state, queries, count);
    qsort(queries, count, sizeof *queries, libdw_by_unit);
    libdw_queries(&state, queries, count);
    answer->note = libdw_text(&state, state.file.note);
    if (answer->last)
        return; /* large files have millions of pieces */
    free(queries);
    dwarfwalk_free(&state.walk);
    linescan_free(&state.lines);
    dwarfunits_free(&state.units);
    idmap_free(&state.mangled);
    VEC_FREE(&state.names_known);
    elfnames_free(&state.names);
    debugfile_close(&state.file);
}

const struct sym_backend sym_libdw = {"libdw", libdw_resolve};
