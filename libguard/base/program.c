/* SPDX-License-Identifier: MIT */
#include "base/program.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>

#include "base/bits.h"
#include "base/maps.h"
#include "base/sys.h"

/* Set by the dynamic loader before anything else runs: where argc stands on the initial stack. */
extern void *__libc_stack_end;

static struct {
    const char *const *environment;
    char argument_bytes[16384];
    size_t argument_length;
    const Elf64_auxv_t *auxiliary;
    char path[4096], directory[4096];
    const char *name;
} program;

/* Each with its terminator, as many as there is room for. Programs write over the originals. */
static void copy_arguments(const char *const *arguments, int count)
{
    for (int i = 0; i < count; i++) {
        size_t length = text_length(arguments[i]) + 1;
        if (length > sizeof(program.argument_bytes) - program.argument_length)
            return;
        copy_bytes(program.argument_bytes + program.argument_length, arguments[i], length);
        program.argument_length += length;
    }
}

/* What the kernel started is ld.so where the program was an argument to it; the program is then the
 * first module, which has no name. */
static bool find_beside_loader(void)
{
    struct maps_entry entry;
    const struct link_map *first = _r_debug.r_map;
    if (program_auxiliary(AT_BASE) || !first)
        return false;
    bool found = maps_find((uintptr_t)first->l_ld, &entry, program.path, sizeof(program.path)) &&
                 program.path[0] == '/';
    if (!found)
        program.path[0] = 0;
    return found;
}

void program_init(void)
{
    const uintptr_t *stack = __libc_stack_end;
    int count = (int)stack[0];
    const char *const *arguments = (const char *const *)(stack + 1);
    program.environment = arguments + count + 1;
    copy_arguments(arguments, count);
    const char *const *end = program.environment;
    while (*end)
        end++;
    program.auxiliary = (const Elf64_auxv_t *)(end + 1);

    long length;
    if (!find_beside_loader()) {
        length = sys_call4(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)program.path,
                           sizeof(program.path) - 1);
        program.path[length > 0 ? length : 0] = 0;
    }
    length = sys_call3(SYS_getcwd, (long)program.directory, sizeof(program.directory), 0);
    if (length <= 0 || program.directory[0] != '/')
        program.directory[0] = 0;
    program.name = "program";
    if (program.path[0])
        program.name = last_component(program.path);
    else if (program_auxiliary(AT_EXECFN)) /* no /proc */
        program.name = last_component((const char *)program_auxiliary(AT_EXECFN));
}

const char *program_arguments(size_t *length)
{
    *length = program.argument_length;
    return program.argument_bytes;
}

void program_forget_arguments(void)
{
    if (!program.argument_length)
        return;
    size_t kept = text_length(program.argument_bytes) + 1;
    for (size_t i = kept; i < program.argument_length; i++)
        program.argument_bytes[i] = 0;
    program.argument_length = kept;
}

const char *const *program_environment(void)
{
    return program.environment;
}

const char *program_variable(const char *name)
{
    size_t length = text_length(name);
    for (const char *const *variable = program.environment; *variable; variable++) {
        size_t i = 0;
        while (i < length && (*variable)[i] == name[i])
            i++;
        if (i == length && (*variable)[i] == '=')
            return *variable + length + 1;
    }
    return NULL;
}

uintptr_t program_auxiliary(uintptr_t type)
{
    for (const Elf64_auxv_t *entry = program.auxiliary; entry->a_type != AT_NULL; entry++)
        if (entry->a_type == type)
            return entry->a_un.a_val;
    return 0;
}

const char *program_path(void)
{
    return program.path;
}

const char *program_name(void)
{
    return program.name;
}

const char *program_directory(void)
{
    return program.directory;
}
