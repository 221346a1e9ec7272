/* SPDX-License-Identifier: MIT */
#include "diag/raw_text.h"

#include "base/bits.h"
#include "base/print.h"
#include "base/program.h"
#include "base/sys.h"
#include "base/thread.h"
#include "stack/capture.h"
#include "stack/depot.h"
#include "stack/modules.h"

static const char *kind_slug(uint32_t kind)
{
    switch (kind) {
#define MM_ERROR(enumerator, value, slug, title, cwe, severity, meaning)                           \
    case value:                                                                                    \
        return slug;
#include "mmerrors.def"
#undef MM_ERROR
    }
    return "error";
}

static unsigned kind_cwe(uint32_t kind)
{
    switch (kind) {
#define MM_ERROR(enumerator, value, slug, title, cwe, severity, meaning)                           \
    case value:                                                                                    \
        return cwe;
#include "mmerrors.def"
#undef MM_ERROR
    }
    return 0;
}

static const char *raw_text_function_name(uint32_t function)
{
    switch (function) {
#define MM_FUNCTION(enumerator, value, name, family)                                               \
    case value:                                                                                    \
        return name;
#include "mmfunctions.def"
#undef MM_FUNCTION
    }
    return "an unknown function";
}

static void print_frame(struct print *p, const struct mmt_frame *frame, unsigned number)
{
    const struct module *module = modules_get(frame->module & MMT_FRAME_MODULE_MASK);
    print_text(p, "    #");
    print_unsigned(p, number);
    print_char(p, ' ');
    if (module) {
        print_foreign(p, module->path, text_length(module->path));
        print_text(p, "+");
        print_hex(p, frame->pc - module->bias);
    } else {
        print_hex(p, frame->pc);
    }
    print_char(p, '\n');
}

static void print_stack(struct print *p, uint32_t stack)
{
    struct mmt_frame frames[STACK_DEPTH_MAX];
    size_t count = depot_get(stack, frames, ARRAY_LENGTH(frames));
    unsigned number = 0;
    for (size_t i = 0; i < count; i++) {
        const struct module *module = modules_get(frames[i].module & MMT_FRAME_MODULE_MASK);
        bool ours = module && module->flags & MMT_MODULE_GUARD;
        if (!ours)
            print_frame(p, &frames[i], number++);
    }
    if (!number)
        print_text(p, "    (no stack)\n");
}

static void print_thread(struct print *p, uint32_t thread)
{
    print_text(p, " in thread ");
    print_unsigned(p, thread);
    print_text(p, " at\n");
}

static void print_place(struct print *p, const struct mmt_finding *finding)
{
    uint64_t end = finding->block_start + finding->block_size;
    if (finding->address < finding->block_start) {
        print_unsigned(p, finding->block_start - finding->address);
        print_text(p, " bytes before");
    } else if (finding->address >= end) {
        print_unsigned(p, finding->address - end);
        print_text(p, " bytes past the end of");
    } else {
        print_unsigned(p, finding->address - finding->block_start);
        print_text(p, " bytes inside");
    }
    print_text(p, finding->flags & MMT_FINDING_FREED ? " a freed " : " a ");
    print_unsigned(p, finding->block_size);
    print_text(p, "-byte block at ");
    print_hex(p, finding->block_start);
}

static void print_what(struct print *p, const struct mmt_finding *finding, const char *where)
{
    print_text(p, "  ");
    if (finding->direction)
        print_text(p, finding->direction == MMT_DIRECTION_WRITE ? "write at " : "read at ");
    else if (finding->function)
        print_text(p, raw_text_function_name(finding->function)), print_text(p, " of ");
    print_hex(p, finding->address);
    bool stray = finding->kind == MMT_ERROR_WILD_POINTER || finding->kind == MMT_ERROR_INVALID_FREE;
    if (finding->flags & MMT_FINDING_BLOCK && !(stray && where && *where)) {
        print_text(p, ", ");
        print_place(p, finding);
    }
    if (finding->damage_length) {
        print_text(p, ", ");
        print_unsigned(p, finding->damage_length);
        print_text(p, " bytes overwritten, the first with ");
        print_hex(p, finding->damage_found);
        print_text(p, " instead of ");
        print_hex(p, finding->damage_expected);
    }
    if (where && *where) {
        print_text(p, ", ");
        print_foreign(p, where, text_length(where));
    }
    print_text(p, " (CWE-");
    print_unsigned(p, kind_cwe(finding->kind));
    print_text(p, ")\n");
}

void raw_text_print(const struct mmt_finding *finding, const char *call, const char *where, int fd)
{
    char buffer[2048];
    struct print p;
    print_to_fd(&p, fd, buffer, sizeof(buffer));
    print_text(&p, "mmguard: ");
    print_text(&p, kind_slug(finding->kind));
    print_text(&p, " in ");
    print_text(&p, program_name());
    print_text(&p, " (pid ");
    print_unsigned(&p, (uint64_t)sys_getpid());
    print_text(&p, ", thread ");
    print_unsigned(&p, finding->thread);
    print_text(&p, ")\n");
    print_what(&p, finding, where);
    if (call && *call) {
        print_text(&p, "  in a call of ");
        print_text(&p, call);
        print_char(&p, '\n');
    }
    print_text(&p, "  at\n");
    print_stack(&p, finding->stack);
    if (finding->flags & MMT_FINDING_BLOCK) {
        print_text(&p, "  allocated by ");
        print_text(&p, raw_text_function_name(finding->alloc_function));
        print_thread(&p, finding->alloc_thread);
        print_stack(&p, finding->alloc_stack);
    }
    if (finding->flags & MMT_FINDING_FREED) {
        print_text(&p, "  freed by ");
        print_text(&p, raw_text_function_name(finding->free_function));
        print_thread(&p, finding->free_thread);
        print_stack(&p, finding->free_stack);
    }
    print_char(&p, '\n');
    print_end(&p);
}
