/* SPDX-License-Identifier: MIT */
#include "dwarf/linescan.h"

#include "elf/elfsection.h"
#include "util/lowbound.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* More kinds of contents an entry of a name table has no use for. */
#define LINESCAN_FORMATS 16

struct linescan_head {
    unsigned version, offset_size;
    unsigned instruction, line_range, opcode_base;
    int line_base;
    unsigned char lengths[256]; /* operands of the standard opcodes */
};

void linescan_open(struct linescan *scan, Dwarf *dwarf)
{
    Elf *elf = dwarf_getelf(dwarf);
    *scan = (struct linescan){.lines = elfsection_bytes(elf, ".debug_line"),
                              .strings = elfsection_bytes(elf, ".debug_str"),
                              .line_strings = elfsection_bytes(elf, ".debug_line_str")};
}

void linescan_free(struct linescan *scan)
{
    VEC_FREE(&scan->folders);
    VEC_FREE(&scan->files);
}

/* A text of `section`, whose offset is a number of `size` bytes. */
static const char *linescan_string(struct cursor *cursor, const struct cursor *section, size_t size)
{
    struct cursor text = cursor_from(section, cursor_number(cursor, size));
    const char *result = cursor_text(&text);
    cursor->failed |= text.failed;
    return result;
}

/* The names of DWARF 2 to 4. Folder and file 0 are what the unit says. */
static void linescan_names(struct linescan *scan, struct cursor *cursor)
{
    *VEC_PUSH(&scan->folders) = (struct linescan_name){0};
    *VEC_PUSH(&scan->files) = (struct linescan_name){0};
    while (!cursor->failed) {
        const char *text = cursor_text(cursor);
        if (*text == '\0')
            break;
        *VEC_PUSH(&scan->folders) = (struct linescan_name){.text = text};
    }
    while (!cursor->failed) {
        const char *text = cursor_text(cursor);
        if (*text == '\0')
            break;
        uint64_t folder = cursor_unsigned(cursor);
        cursor_unsigned(cursor); /* time */
        cursor_unsigned(cursor); /* size */
        *VEC_PUSH(&scan->files) = (struct linescan_name){text, folder};
    }
}

static void linescan_value(const struct linescan *scan, const struct linescan_head *head,
                           struct cursor *cursor, uint64_t kind, uint64_t form,
                           struct linescan_name *name)
{
    const char *text = NULL;
    uint64_t number = 0;
    switch (form) {
    case DW_FORM_string:
        text = cursor_text(cursor);
        break;
    case DW_FORM_line_strp:
        text = linescan_string(cursor, &scan->line_strings, head->offset_size);
        break;
    case DW_FORM_strp:
        text = linescan_string(cursor, &scan->strings, head->offset_size);
        break;
    case DW_FORM_udata:
        number = cursor_unsigned(cursor);
        break;
    case DW_FORM_data1:
        number = cursor_number(cursor, 1);
        break;
    case DW_FORM_data2:
        number = cursor_number(cursor, 2);
        break;
    case DW_FORM_data4:
        number = cursor_number(cursor, 4);
        break;
    case DW_FORM_data8:
        number = cursor_number(cursor, 8);
        break;
    case DW_FORM_data16:
        cursor_number(cursor, 8);
        cursor_number(cursor, 8);
        break;
    default:
        cursor->failed = true;
        break;
    }
    if (kind == DW_LNCT_path)
        name->text = text;
    else if (kind == DW_LNCT_directory_index)
        name->folder = number;
}

/* One of the two name tables of DWARF 5. Returns false if it cannot be read. */
static bool linescan_table(struct linescan *scan, const struct linescan_head *head,
                           struct cursor *cursor, bool files)
{
    uint64_t kinds[LINESCAN_FORMATS], forms[LINESCAN_FORMATS];
    uint64_t formats = cursor_number(cursor, 1);
    if (formats > LINESCAN_FORMATS)
        return false;
    for (uint64_t i = 0; i < formats; i++) {
        kinds[i] = cursor_unsigned(cursor);
        forms[i] = cursor_unsigned(cursor);
    }
    uint64_t count = cursor_unsigned(cursor);
    if (formats == 0 && count != 0)
        return false;
    for (uint64_t i = 0; i < count && !cursor->failed; i++) {
        struct linescan_name name = {0};
        for (uint64_t j = 0; j < formats; j++)
            linescan_value(scan, head, cursor, kinds[j], forms[j], &name);
        if (files)
            *VEC_PUSH(&scan->files) = name;
        else
            *VEC_PUSH(&scan->folders) = name;
    }
    return !cursor->failed;
}

/* Reads the head and the names, and leaves the cursor at the program. */
static bool linescan_begin(struct linescan *scan, struct cursor *cursor, struct linescan_head *head)
{
    uint64_t length = cursor_number(cursor, 4);
    *head = (struct linescan_head){.offset_size = 4};
    if (length == UINT32_MAX) {
        head->offset_size = 8;
        length = cursor_number(cursor, 8);
    }
    if (cursor->failed || length > cursor_left(cursor))
        return false;
    cursor->size = cursor->position + length;
    head->version = (unsigned)cursor_number(cursor, 2);
    if (head->version < 2 || head->version > 5 ||
        (head->version == 5 && cursor_number(cursor, 2) != 8)) /* sizes of address, segment */
        return false;
    uint64_t rest = cursor_number(cursor, head->offset_size);
    if (cursor->failed || rest > cursor_left(cursor))
        return false;
    uint64_t program = cursor->position + rest;
    head->instruction = (unsigned)cursor_number(cursor, 1);
    if (head->version >= 4 && cursor_number(cursor, 1) != 1)
        return false;
    cursor_number(cursor, 1); /* whether rows begin statements */
    head->line_base = (int8_t)cursor_number(cursor, 1);
    head->line_range = (unsigned)cursor_number(cursor, 1);
    head->opcode_base = (unsigned)cursor_number(cursor, 1);
    size_t lengths = head->opcode_base != 0 ? head->opcode_base - 1 : 0;
    const uint8_t *first = cursor->data + cursor->position;
    cursor_pass(cursor, lengths);
    if (cursor->failed || lengths >= sizeof head->lengths)
        return false;
    memcpy(head->lengths + 1, first, lengths);
    scan->folders.count = scan->files.count = 0;
    if (cursor->failed || head->line_range == 0 || head->opcode_base <= DW_LNS_fixed_advance_pc)
        return false;
    if (head->version < 5)
        linescan_names(scan, cursor);
    else if (!linescan_table(scan, head, cursor, false) ||
             !linescan_table(scan, head, cursor, true))
        return false;
    cursor->position = program;
    return !cursor->failed;
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
    if (state->known && address < last->address && last->address >= state->queries[0].address)
        return false;
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
        !linescan_end_row(state, row.address))
        return false;
    state->known = true;
    state->last = row;
    state->lines |= row.line | row.file;
    state->columns |= row.column;
    return true;
}

/* Returns false if the operation cannot be read. */
static inline bool linescan_extended(struct linescan_state *state,
                                     struct linescan_registers *registers, struct cursor *cursor)
{
    uint64_t length = cursor_unsigned(cursor);
    struct cursor operation = *cursor;
    cursor_pass(cursor, length);
    if (length == 0 || cursor->failed)
        return false;
    switch (cursor_number(&operation, 1)) {
    case DW_LNE_end_sequence:
        if (!linescan_row(state, *registers))
            return false;
        *registers = (struct linescan_registers){.line = 1, .file = 1};
        linescan_reset(state);
        return true;
    case DW_LNE_set_address:
        registers->address = cursor_number(&operation, 8);
        return length == 9;
    case DW_LNE_define_file:
        return false;
    default:
        return true;
    }
}

static inline bool linescan_standard(struct linescan_state *state, const struct linescan_head *head,
                                     struct linescan_registers *registers, unsigned opcode,
                                     struct cursor *cursor)
{
    switch (opcode) {
    case DW_LNS_copy:
        return linescan_row(state, *registers);
    case DW_LNS_advance_pc:
        registers->address += cursor_unsigned(cursor) * head->instruction;
        return true;
    case DW_LNS_advance_line:
        registers->line += (uint64_t)cursor_signed(cursor);
        return true;
    case DW_LNS_set_file:
        registers->file = cursor_unsigned(cursor);
        return true;
    case DW_LNS_set_column:
        registers->column = cursor_unsigned(cursor);
        return true;
    case DW_LNS_const_add_pc:
        registers->address +=
            (uint64_t)((255 - head->opcode_base) / head->line_range) * head->instruction;
        return true;
    case DW_LNS_fixed_advance_pc:
        registers->address += cursor_number(cursor, 2);
        return true;
    default:
        for (unsigned i = 0; i < head->lengths[opcode]; i++)
            cursor_unsigned(cursor);
        return true;
    }
}

/* Runs the program. Returns false if it cannot be read, or has numbers that libdw would refuse. */
static bool linescan_run(struct linescan_state *state, const struct linescan_head *head,
                         struct cursor cursor)
{
    struct linescan_registers registers = {.line = 1, .file = 1};
    bool good = true;
    linescan_reset(state);
    while (good && cursor_left(&cursor) != 0) {
        unsigned opcode = (unsigned)cursor_number(&cursor, 1);
        if (opcode >= head->opcode_base) {
            unsigned step = opcode - head->opcode_base;
            registers.address += (uint64_t)(step / head->line_range) * head->instruction;
            registers.line += (uint64_t)(int64_t)(head->line_base + (int)(step % head->line_range));
            good = linescan_row(state, registers);
        } else if (opcode == 0) {
            good = linescan_extended(state, &registers, &cursor);
        } else {
            good = linescan_standard(state, head, &registers, opcode, &cursor);
        }
    }
    return good && !cursor.failed && state->lines <= INT32_MAX && state->columns <= UINT16_MAX;
}

bool linescan_unit(struct linescan *scan, uint64_t offset, const struct dwarfquery *queries,
                   size_t count, struct linescan_row *rows)
{
    struct linescan_head head;
    struct cursor cursor = cursor_from(&scan->lines, offset);
    if (cursor.failed || count == 0)
        return false;
    struct linescan_state state = {.queries = queries, .count = count, .rows = rows};
    memset(rows, 0, count * sizeof *rows);
    return linescan_begin(scan, &cursor, &head) && linescan_run(&state, &head, cursor);
}

char *linescan_file(const struct linescan *scan, uint64_t number, const char *unit_folder)
{
    if (number >= scan->files.count || scan->files.items[number].text == NULL)
        return NULL;
    const struct linescan_name *file = &scan->files.items[number];
    const char *folder =
        file->folder < scan->folders.count ? scan->folders.items[file->folder].text : NULL;
    folder = file->folder == 0 && folder == NULL ? unit_folder : folder;
    return file->text[0] == '/' || folder == NULL ? xalloc_text(file->text, strlen(file->text))
                                                  : xalloc_format("%s/%s", folder, file->text);
}
