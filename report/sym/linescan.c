/* SPDX-License-Identifier: MIT */
#include "sym/linescan.h"

#include "sym/dwarfnumber.h"
#include "util/lowbound.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* More kinds of contents an entry of a name table has no use for. */
#define LINESCAN_FORMATS 16

/* What is left of a table; `bad` once something did not fit. */
struct linescan_cursor {
    const unsigned char *at, *end;
    bool bad;
};

struct linescan_head {
    unsigned version, offset_size;
    unsigned instruction, line_range, opcode_base;
    int line_base;
    unsigned char lengths[256]; /* operands of the standard opcodes */
};

void linescan_open(struct linescan *scan, Dwarf *dwarf)
{
    Elf *elf = dwarf_getelf(dwarf);
    *scan = (struct linescan){.lines = diescan_section(elf, ".debug_line"),
                              .strings = diescan_section(elf, ".debug_str"),
                              .line_strings = diescan_section(elf, ".debug_line_str")};
}

void linescan_free(struct linescan *scan)
{
    VEC_FREE(&scan->folders);
    VEC_FREE(&scan->files);
}

static uint64_t linescan_number(struct linescan_cursor *cursor, size_t size)
{
    if (size > (size_t)(cursor->end - cursor->at)) {
        cursor->bad = true;
        return 0;
    }
    uint64_t number = dwarfnumber_fixed(cursor->at, size);
    cursor->at += size;
    return number;
}

static uint64_t linescan_leb(struct linescan_cursor *cursor)
{
    uint64_t number;
    const unsigned char *next = dwarfnumber_unsigned(cursor->at, cursor->end, &number);
    cursor->bad |= next == NULL;
    cursor->at = next != NULL ? next : cursor->end;
    return next != NULL ? number : 0;
}

static const char *linescan_text(struct linescan_cursor *cursor)
{
    const unsigned char *text = cursor->at;
    const unsigned char *zero = memchr(text, '\0', (size_t)(cursor->end - text));
    if (zero == NULL) {
        cursor->bad = true;
        return "";
    }
    cursor->at = zero + 1;
    return (const char *)text;
}

static const char *linescan_string(struct linescan_cursor *cursor,
                                   const struct diescan_section *section, size_t size)
{
    uint64_t offset = linescan_number(cursor, size);
    if (offset >= section->size ||
        memchr(section->bytes + offset, '\0', section->size - offset) == NULL) {
        cursor->bad = true;
        return "";
    }
    return (const char *)section->bytes + offset;
}

/* The names of DWARF 2 to 4. Folder and file 0 are what the unit says. */
static void linescan_names(struct linescan *scan, struct linescan_cursor *cursor)
{
    *VEC_PUSH(&scan->folders) = (struct linescan_name){0};
    *VEC_PUSH(&scan->files) = (struct linescan_name){0};
    while (!cursor->bad) {
        const char *text = linescan_text(cursor);
        if (*text == '\0') {
            break;
        }
        *VEC_PUSH(&scan->folders) = (struct linescan_name){.text = text};
    }
    while (!cursor->bad) {
        const char *text = linescan_text(cursor);
        if (*text == '\0') {
            break;
        }
        uint64_t folder = linescan_leb(cursor);
        linescan_leb(cursor); /* time */
        linescan_leb(cursor); /* size */
        *VEC_PUSH(&scan->files) = (struct linescan_name){text, folder};
    }
}

static void linescan_value(const struct linescan *scan, const struct linescan_head *head,
                           struct linescan_cursor *cursor, uint64_t kind, uint64_t form,
                           struct linescan_name *name)
{
    const char *text = NULL;
    uint64_t number = 0;
    switch (form) {
    case DW_FORM_string:
        text = linescan_text(cursor);
        break;
    case DW_FORM_line_strp:
        text = linescan_string(cursor, &scan->line_strings, head->offset_size);
        break;
    case DW_FORM_strp:
        text = linescan_string(cursor, &scan->strings, head->offset_size);
        break;
    case DW_FORM_udata:
        number = linescan_leb(cursor);
        break;
    case DW_FORM_data1:
        number = linescan_number(cursor, 1);
        break;
    case DW_FORM_data2:
        number = linescan_number(cursor, 2);
        break;
    case DW_FORM_data4:
        number = linescan_number(cursor, 4);
        break;
    case DW_FORM_data8:
        number = linescan_number(cursor, 8);
        break;
    case DW_FORM_data16:
        linescan_number(cursor, 8);
        linescan_number(cursor, 8);
        break;
    default:
        cursor->bad = true;
        break;
    }
    if (kind == DW_LNCT_path) {
        name->text = text;
    } else if (kind == DW_LNCT_directory_index) {
        name->folder = number;
    }
}

/* One of the two name tables of DWARF 5. Returns false if it cannot be read. */
static bool linescan_table(struct linescan *scan, const struct linescan_head *head,
                           struct linescan_cursor *cursor, bool files)
{
    uint64_t kinds[LINESCAN_FORMATS], forms[LINESCAN_FORMATS];
    uint64_t formats = linescan_number(cursor, 1);
    if (formats > LINESCAN_FORMATS) {
        return false;
    }
    for (uint64_t i = 0; i < formats; i++) {
        kinds[i] = linescan_leb(cursor);
        forms[i] = linescan_leb(cursor);
    }
    uint64_t count = linescan_leb(cursor);
    if (formats == 0 && count != 0) {
        return false;
    }
    for (uint64_t i = 0; i < count && !cursor->bad; i++) {
        struct linescan_name name = {0};
        for (uint64_t j = 0; j < formats; j++) {
            linescan_value(scan, head, cursor, kinds[j], forms[j], &name);
        }
        if (files) {
            *VEC_PUSH(&scan->files) = name;
        } else {
            *VEC_PUSH(&scan->folders) = name;
        }
    }
    return !cursor->bad;
}

/* Reads the head and the names, and leaves the cursor at the program. */
static bool linescan_begin(struct linescan *scan, struct linescan_cursor *cursor,
                           struct linescan_head *head)
{
    uint64_t length = linescan_number(cursor, 4);
    *head = (struct linescan_head){.offset_size = 4};
    if (length == UINT32_MAX) {
        head->offset_size = 8;
        length = linescan_number(cursor, 8);
    }
    if (cursor->bad || length > (uint64_t)(cursor->end - cursor->at)) {
        return false;
    }
    cursor->end = cursor->at + length;
    head->version = (unsigned)linescan_number(cursor, 2);
    if (head->version < 2 || head->version > 5 ||
        (head->version == 5 && linescan_number(cursor, 2) != 8)) { /* sizes of address, segment */
        return false;
    }
    uint64_t rest = linescan_number(cursor, head->offset_size);
    if (cursor->bad || rest > (uint64_t)(cursor->end - cursor->at)) {
        return false;
    }
    const unsigned char *program = cursor->at + rest;
    head->instruction = (unsigned)linescan_number(cursor, 1);
    if (head->version >= 4 && linescan_number(cursor, 1) != 1) {
        return false;
    }
    linescan_number(cursor, 1); /* whether rows begin statements */
    head->line_base = (int8_t)linescan_number(cursor, 1);
    head->line_range = (unsigned)linescan_number(cursor, 1);
    head->opcode_base = (unsigned)linescan_number(cursor, 1);
    size_t lengths = head->opcode_base ? head->opcode_base - 1 : 0;
    if (cursor->bad || lengths >= sizeof head->lengths ||
        lengths > (size_t)(cursor->end - cursor->at)) {
        return false;
    }
    memcpy(head->lengths + 1, cursor->at, lengths);
    cursor->at += lengths;
    scan->folders.count = scan->files.count = 0;
    if (cursor->bad || head->line_range == 0 || head->opcode_base <= DW_LNS_fixed_advance_pc) {
        return false;
    }
    if (head->version < 5) {
        linescan_names(scan, cursor);
    } else if (!linescan_table(scan, head, cursor, false) ||
               !linescan_table(scan, head, cursor, true)) {
        return false;
    }
    bool good = !cursor->bad;
    cursor->at = program;
    return good;
}

/* The registers of the line-number program. */
struct linescan_registers {
    uint64_t address, line, file, column;
};

struct linescan_state {
    const struct dwarfquery *queries;
    size_t count;
    struct linescan_row *rows;
    bool known; /* there is a row in this sequence */
    struct linescan_registers last; /* of that row; its address is UINT64_MAX if there is none */
    /* Address of the first query from the last row on; UINT64_MAX if no query is there, 0 if no
     * row is. */
    uint64_t next;
    uint64_t lines, columns; /* all bits that rows had in them */
};

static void linescan_reset(struct linescan_state *state)
{
    state->known = false;
    state->last.address = UINT64_MAX;
    state->next = 0;
}

/* The last row ends where the one at `address` begins, and there are queries between, or there is
 * no last row. Returns false if rows go back. Rows of code that the linker left out begin at 0
 * again and again; no query is there. */
static __attribute__((noinline)) bool linescan_end_row(struct linescan_state *state,
                                                       uint64_t address)
{
    const struct linescan_registers *last = &state->last;
    if (state->known && address < last->address && last->address >= state->queries[0].address) {
        return false;
    }
    size_t i = lowbound(state->queries, state->count, sizeof *state->queries, address);
    state->next = i < state->count ? state->queries[i].address : UINT64_MAX;
    while (state->known && i != 0 && state->queries[i - 1].address >= last->address) {
        state->rows[--i] = (struct linescan_row){
            .file = (uint32_t)last->file,
            .line = (uint32_t)last->line,
            .column = (uint32_t)last->column,
            .known = true,
        };
    }
    return true;
}

static inline bool linescan_row(struct linescan_state *state, struct linescan_registers row)
{
    if ((row.address > state->next || row.address < state->last.address) &&
        !linescan_end_row(state, row.address)) {
        return false;
    }
    state->known = true;
    state->last = row;
    state->lines |= row.line | row.file;
    state->columns |= row.column;
    return true;
}

/* Returns what follows the operation, or NULL if it cannot be read. */
static inline const unsigned char *linescan_extended(struct linescan_state *state,
                                                     struct linescan_registers *registers,
                                                     const unsigned char *at,
                                                     const unsigned char *end)
{
    uint64_t length;
    at = dwarfnumber_unsigned(at, end, &length);
    if (at == NULL || length == 0 || length > (uint64_t)(end - at)) {
        return NULL;
    }
    switch (*at) {
    case DW_LNE_end_sequence:
        if (!linescan_row(state, *registers)) {
            return NULL;
        }
        *registers = (struct linescan_registers){.line = 1, .file = 1};
        linescan_reset(state);
        break;
    case DW_LNE_set_address:
        if (length != 9) {
            return NULL;
        }
        registers->address = dwarfnumber_fixed(at + 1, 8);
        break;
    case DW_LNE_define_file:
        return NULL;
    default:
        break;
    }
    return at + length;
}

static inline const unsigned char *linescan_standard(struct linescan_state *state,
                                                     const struct linescan_head *head,
                                                     struct linescan_registers *registers,
                                                     unsigned opcode, const unsigned char *at,
                                                     const unsigned char *end)
{
    uint64_t number = 0;
    int64_t advance;
    switch (opcode) {
    case DW_LNS_copy:
        return linescan_row(state, *registers) ? at : NULL;
    case DW_LNS_advance_pc:
        at = dwarfnumber_unsigned(at, end, &number);
        registers->address += number * head->instruction;
        return at;
    case DW_LNS_advance_line:
        at = dwarfnumber_signed(at, end, &advance);
        registers->line += (uint64_t)advance;
        return at;
    case DW_LNS_set_file:
        return dwarfnumber_unsigned(at, end, &registers->file);
    case DW_LNS_set_column:
        return dwarfnumber_unsigned(at, end, &registers->column);
    case DW_LNS_const_add_pc:
        registers->address +=
            (uint64_t)((255 - head->opcode_base) / head->line_range) * head->instruction;
        return at;
    case DW_LNS_fixed_advance_pc:
        if (end - at < 2) {
            return NULL;
        }
        registers->address += dwarfnumber_fixed(at, 2);
        return at + 2;
    default:
        for (unsigned i = 0; at != NULL && i < head->lengths[opcode]; i++) {
            at = dwarfnumber_unsigned(at, end, &number);
        }
        return at;
    }
}

/* Runs the program. Returns false if it cannot be read, or has numbers that libdw would refuse. */
static bool linescan_run(struct linescan_state *state, const struct linescan_head *head,
                         const unsigned char *at, const unsigned char *end)
{
    struct linescan_registers registers = {.line = 1, .file = 1};
    linescan_reset(state);
    while (at != NULL && at < end) {
        unsigned opcode = *at++;
        if (opcode >= head->opcode_base) {
            unsigned step = opcode - head->opcode_base;
            registers.address += (uint64_t)(step / head->line_range) * head->instruction;
            registers.line += (uint64_t)(int64_t)(head->line_base + (int)(step % head->line_range));
            at = linescan_row(state, registers) ? at : NULL;
        } else if (opcode == 0) {
            at = linescan_extended(state, &registers, at, end);
        } else {
            at = linescan_standard(state, head, &registers, opcode, at, end);
        }
    }
    return at != NULL && state->lines <= INT32_MAX && state->columns <= UINT16_MAX;
}

bool linescan_unit(struct linescan *scan, uint64_t offset, const struct dwarfquery *queries,
                   size_t count, struct linescan_row *rows)
{
    struct linescan_head head;
    if (scan->lines.bytes == NULL || offset >= scan->lines.size || count == 0) {
        return false;
    }
    struct linescan_cursor cursor = {.at = scan->lines.bytes + offset,
                                     .end = scan->lines.bytes + scan->lines.size};
    struct linescan_state state = {.queries = queries, .count = count, .rows = rows};
    memset(rows, 0, count * sizeof *rows);
    return linescan_begin(scan, &cursor, &head) &&
           linescan_run(&state, &head, cursor.at, cursor.end);
}

char *linescan_file(const struct linescan *scan, uint64_t number, const char *unit_folder)
{
    if (number >= scan->files.count || scan->files.items[number].text == NULL) {
        return NULL;
    }
    const struct linescan_name *file = &scan->files.items[number];
    const char *folder =
        file->folder < scan->folders.count ? scan->folders.items[file->folder].text : NULL;
    folder = file->folder == 0 && folder == NULL ? unit_folder : folder;
    return file->text[0] == '/' || folder == NULL ? xalloc_text(file->text, strlen(file->text))
                                                  : xalloc_format("%s/%s", folder, file->text);
}
