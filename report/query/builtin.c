/* SPDX-License-Identifier: MIT
 *
 * A rule never looks past the first frame of another module than those of enum library: what a
 * program's own function allocates that one of these calls (a comparison for qsort(), a constructor
 * for dlopen()) is the program's. It names a function that is exported, so that it holds where
 * there is no debug information, unless there is none on the stack.
 */
#include "query/builtin.h"

#include "util/glob.h"

#include <string.h>

enum library {
    LIBC = 1,
    LOADER = 2,
    CXX = 4,
    GLIB = 8, /* libglib and libgobject */
    FONTCONFIG = 16,
    EXPAT = 32, /* reads fontconfig's files, and calls it */
};

#define REACHABLE (1u << MMT_LEAK_REACHABLE)
#define POSSIBLE  (1u << MMT_LEAK_POSSIBLE)
/* Where it is known that the library keeps what no pointer in memory tells of. */
#define ANY ((1u << MMT_LEAK_KINDS) - 1)

struct rule {
    enum library library; /* that of the function */
    unsigned inner; /* libraries that the function may reach the allocation through */
    bool only_inner; /* what the function itself allocates is the program's: it returns it */
    bool only_called; /* by its own library: what others have it make is theirs */
    unsigned kinds; /* bits 1 << enum mmt_leak_kind */
    const char *function; /* no underscores in front; "*": anything; NULL: any initializer */
    const char *why;
};

static const char why_locale[] = "libc keeps the data of locales for later calls";
static const char why_convert[] = "libc keeps loaded conversions between character sets";
static const char why_users[] = "libc keeps its configuration of name services and the last "
                                "answer, which the next call replaces";
static const char why_resolver[] = "libc keeps the resolver's configuration, one for each thread";
static const char why_stream[] =
    "buffer of a stream; goes with it, and the stream is listed itself";
static const char why_zone[] = "libc keeps the time zone";
static const char why_text[] = "libc keeps the text until the next call replaces it";
static const char why_messages[] = "libc keeps the translations it has loaded";
static const char why_unwinder[] =
    "libc loads libgcc_s for backtrace() and for cancelled threads, and keeps it";
static const char why_last[] = "libc keeps the last entry read, which the next call replaces";
static const char why_facets[] =
    "parts of a locale of C++; an object that holds one is listed itself";

/* An array that has become too small is not freed: others may be reading it. Texts lie in larger
 * blocks, of which only the last is pointed to at its start. */
static const char why_quarks[] = "GLib keeps its table of quarks, and the arrays that it outgrew";
/* A type's record is pointed to behind its head. */
static const char why_types[] = "GObject keeps its types and what belongs to them";
/* A pattern holds its elements by their distance from it. */
static const char why_fonts[] = "fontconfig keeps its configuration and list of fonts";

static const struct rule rules[] = {
    {LOADER, LOADER, false, false, REACHABLE | POSSIBLE, "dl_allocate_tls",
     "table of a thread's thread-local storage, kept with its stack for the next thread"},
    {LOADER, LOADER, false, false, REACHABLE, "tls_get_addr",
     "thread-local storage of a loaded library, freed with its thread"},
    {LOADER, CXX, true, false, REACHABLE, NULL,
     "the C++ library's reserve for exceptions when memory has run out"},
    {LOADER, LOADER, false, false, REACHABLE, "dl_exception_create", why_text},
    {LOADER, LOADER, false, false, REACHABLE, "dl_exception_create_format", why_text},
    {LIBC, LIBC, true, false, REACHABLE, "dlopen", why_text},
    {LIBC, LIBC, true, false, REACHABLE, "dlsym", why_text},
    {LIBC, LIBC, true, false, REACHABLE, "dlerror", why_text},
    {LIBC, LIBC, false, false, REACHABLE, "setlocale", why_locale},
    {LIBC, LIBC, true, false, REACHABLE, "newlocale", why_locale},
    {CXX, LIBC | CXX, false, false, REACHABLE, "std::locale::locale(*", why_facets},
    {CXX, LIBC | CXX, false, false, REACHABLE, "*std::num_put<*>::_M_insert_int<*", why_facets},
    {LIBC, LIBC | LOADER, true, false, REACHABLE, "gconv_open", why_convert},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "btowc", why_convert},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "IO_fwide", why_convert},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "nss_database_get", why_users},
    {LIBC, LIBC, false, false, REACHABLE, "nss_database_check_reload_and_get", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "nss_lookup_function", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "nss_next2", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "nss_*_lookup2", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getpwnam", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getpwuid", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getpwent", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getgrnam", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getgrgid", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getgrouplist", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getspnam", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getservbyname", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getprotobyname", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getnetbyname", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "getrpcbyname", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "gethostbyname", why_users},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "gethostbyaddr", why_users},
    {LIBC, LIBC, false, false, REACHABLE, "resolv_context_get", why_resolver},
    {LIBC, LIBC, false, false, REACHABLE, "res_context_send", why_resolver},
    {LIBC, LIBC, false, false, REACHABLE, "res_vinit", why_resolver},
    {LIBC, LIBC, false, false, REACHABLE, "check_pf",
     "libc keeps the list of the machine's addresses"},
    {LIBC, LIBC, false, false, REACHABLE, "IO_file_doallocate", why_stream},
    {LIBC, LIBC, false, false, REACHABLE, "IO_wdoallocbuf", why_stream},
    {CXX, CXX, false, false, REACHABLE, "std::ios_base::sync_with_stdio(*", why_stream},
    {LIBC, LIBC, false, false, REACHABLE, "tzset", why_zone},
    {LIBC, LIBC, false, false, REACHABLE, "tz_convert", why_zone},
    {LIBC, LIBC, false, false, REACHABLE, "syslog", why_zone},
    {LIBC, LIBC, false, false, REACHABLE, "strerror_l", why_text},
    {LIBC, LIBC, false, false, REACHABLE, "strsignal", why_text},
    {LIBC, LIBC, false, false, REACHABLE, "dcigettext", why_messages},
    {LIBC, LIBC, false, false, REACHABLE, "bindtextdomain", why_messages},
    {LIBC, LIBC, false, false, REACHABLE, "textdomain", why_messages},
    {LIBC, LIBC | LOADER, false, false, REACHABLE, "libc_unwind_link_get", why_unwinder},
    {LIBC, LIBC, false, false, REACHABLE, "getmntent", why_last},
    {LIBC, LIBC, false, false, REACHABLE, "getutent", why_last},
    {LIBC, LIBC, false, false, REACHABLE, "fgetgrent", why_last},
    {LIBC, LIBC, false, false, REACHABLE, "register_atfork", "table of the handlers of fork()"},
    {LIBC, LIBC, false, false, REACHABLE, "cxa_thread_atexit_impl",
     "list of the destructors of a thread that still runs"},
    {LIBC, LIBC, false, false, REACHABLE, "pthread_setspecific",
     "table of a thread's specific data, freed with its thread"},
    {GLIB, GLIB, false, false, ANY, "g_quark_from_string", why_quarks},
    {GLIB, GLIB, false, false, ANY, "g_quark_from_static_string", why_quarks},
    {GLIB, GLIB, false, false, ANY, "g_intern_string", why_quarks},
    {GLIB, GLIB, false, false, ANY, "g_intern_static_string", why_quarks},
    {LOADER, GLIB, true, false, ANY, NULL, why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_init", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_init_with_debug_flags", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_register_fundamental", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_register_static", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_add_interface_static", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_interface_add_prerequisite",
     why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_class_ref", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_class_get", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_default_interface_ref", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_default_interface_get", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_add_instance_private", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_type_class_adjust_private_offset",
     why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_value_register_transform_func", why_types},
    {GLIB, GLIB, false, false, REACHABLE | POSSIBLE, "g_param_type_register_static", why_types},
    {FONTCONFIG, FONTCONFIG | EXPAT | LIBC, false, false, ANY, "FcInit", why_fonts},
    {FONTCONFIG, FONTCONFIG | EXPAT | LIBC, false, false, ANY, "FcConfigGetCurrent", why_fonts},
    {FONTCONFIG, FONTCONFIG | EXPAT | LIBC, false, true, ANY, "FcInitLoadConfig", why_fonts},
    {FONTCONFIG, FONTCONFIG | EXPAT | LIBC, false, true, ANY, "FcInitLoadConfigAndFonts",
     why_fonts},
    {FONTCONFIG, FONTCONFIG | EXPAT | LIBC, false, true, ANY, "FcConfigBuildFonts", why_fonts},
};

#define RULES (sizeof rules / sizeof *rules)

/* The rule for tables of threads. A thread that ended and was not joined leaves one as well, and
 * that is a leak, so only so many are taken as can be without: glibc keeps up to 40 MiB of stacks,
 * which usually have 8 MiB each. */
#define RULE_TABLES (&rules[0])
#define KEPT_STACKS 5

/* 0 for any other. */
static unsigned builtin_library(const struct module *module)
{
    const char *name = profile_basename(module->path);
    if (glob_matches("libc.so.*", name))
        return LIBC;
    if (glob_matches("ld-linux-x86-64.so.*", name))
        return LOADER;
    if (glob_matches("libglib-2.0.so.*", name) || glob_matches("libgobject-2.0.so.*", name))
        return GLIB;
    if (glob_matches("libfontconfig.so.*", name))
        return FONTCONFIG;
    if (glob_matches("libexpat.so.*", name))
        return EXPAT;
    return glob_matches("libstdc++.so.*", name) ? CXX : 0;
}

static unsigned builtin_frame_library(const struct profile *profile, const struct frame *frame,
                                      bool *guard)
{
    const struct module *module = &profile->modules.items[frame->module];
    *guard = (module->flags & MMT_MODULE_GUARD) != 0;
    return frame->module != 0 ? builtin_library(module) : 0;
}

/* Of one function libc has several names: newlocale, __newlocale, __GI___newlocale,
 * newlocale.part.0. */
static bool builtin_is(const char *pattern, const char *function)
{
    char name[128];
    function += strncmp(function, "__GI_", 5) == 0 ? 5 : 0;
    function += strspn(function, "_");
    const char *part = strstr(function, ".part."), *copy = strstr(function, ".constprop.");
    size_t length = part != NULL   ? (size_t)(part - function)
                    : copy != NULL ? (size_t)(copy - function)
                                   : strlen(function);
    if (length >= sizeof name || function[length] == '\0')
        return glob_matches(pattern, function);
    memcpy(name, function, length);
    name[length] = '\0';
    return glob_matches(pattern, name);
}

/* The library of the frame that `stack` begins with, libguard's left out; 0 for any other. */
static unsigned builtin_stack_library(const struct profile *profile, uint32_t stack)
{
    bool guard = true;
    unsigned library = 0;
    for (; stack != 0 && guard; stack = profile->stacks.items[stack].parent) {
        const struct frame *frame = &profile->frames.items[profile->stacks.items[stack].frame];
        library = builtin_frame_library(profile, frame, &guard);
    }
    return guard ? 0 : library;
}

/* Whether the rule takes what was allocated in a function that `frame` has called, through the
 * libraries `inner`; 0: by itself. `caller` is the library it was called by. */
static bool builtin_takes(const struct profile *profile, const struct rule *rule,
                          const struct frame *frame, unsigned library, unsigned inner,
                          unsigned caller)
{
    if (library != (unsigned)rule->library || (inner & ~rule->inner) != 0 ||
        (rule->only_inner && inner == 0) || (rule->only_called && caller != library))
        return false;
    for (uint32_t i = 0; rule->function != NULL && i < frame->symbols; i++) {
        const char *function = profile->symbols.items[frame->first_symbol + i].function;
        if (function != NULL && builtin_is(rule->function, function))
            return true;
    }
    return rule->function == NULL;
}

/* Whether a library's initializer may run in the frame: it is not exported, so it has no name where
 * there is no debug information. A constructor of the program's that ends in a call leaves no
 * frame: then what it called seems to be called by the loader. */
static bool builtin_initializes(const struct profile *profile, const struct frame *frame)
{
    const char *outermost = NULL;
    for (uint32_t i = 0; i < frame->symbols; i++) {
        const char *function = profile->symbols.items[frame->first_symbol + i].function;
        outermost = function != NULL ? function : outermost;
    }
    return outermost == NULL || strncmp(outermost, "_GLOBAL__", 9) == 0 ||
           glob_matches("glib_init*", outermost) || glob_matches("gobject_init*", outermost);
}

static const struct rule *builtin_find(const struct profile *profile, uint32_t stack, unsigned kind)
{
    unsigned inner = 0, library;
    bool guard, initializer = false; /* the frame before */
    for (; stack != 0; stack = profile->stacks.items[stack].parent) {
        const struct frame *frame = &profile->frames.items[profile->stacks.items[stack].frame];
        library = builtin_frame_library(profile, frame, &guard);
        if (guard)
            continue;
        if (library == 0)
            break;
        unsigned caller = builtin_stack_library(profile, profile->stacks.items[stack].parent);
        for (size_t i = 0; i < RULES; i++)
            if ((rules[i].kinds >> kind & 1) != 0 && (rules[i].function != NULL || initializer) &&
                builtin_takes(profile, &rules[i], frame, library, inner, caller))
                return &rules[i];
        inner |= library;
        initializer = (library & (CXX | GLIB)) != 0 && builtin_initializes(profile, frame);
    }
    return NULL;
}

static bool builtin_concerns(const struct profile *profile, const struct leak *leak)
{
    return (profile->processes.items[leak->process].flags & MMT_PROCESS_ALL_LEAKS) == 0;
}

bool builtin_frames(struct resolve_set *set, const struct profile *profile)
{
    bool any = false, guard;
    for (size_t i = 0; i < profile->leaks.count; i++) {
        uint32_t stack = profile->leaks.items[i].record.stack;
        for (; stack != 0 && builtin_concerns(profile, &profile->leaks.items[i]);
             stack = profile->stacks.items[stack].parent) {
            uint32_t index = profile->stacks.items[stack].frame;
            unsigned library =
                builtin_frame_library(profile, &profile->frames.items[index], &guard);
            if (library == 0 && !guard)
                break;
            set->frames[index] |= library != 0;
            any |= library != 0;
        }
    }
    return any;
}

static void builtin_count(struct profile *profile, const struct rule *rule, const struct leak *leak)
{
    struct process *process = &profile->processes.items[leak->process];
    uint64_t bytes = leak->record.bytes, blocks = leak->record.blocks;
    process->builtin_bytes = profile_add(process->builtin_bytes, bytes);
    process->builtin_blocks = profile_add(process->builtin_blocks, blocks);
    process->suppressed_bytes = profile_add(process->suppressed_bytes, bytes);
    process->suppressed_blocks = profile_add(process->suppressed_blocks, blocks);
    size_t i = 0;
    while (i < profile->builtin.count && profile->builtin.items[i].why != rule->why)
        i++;
    if (i == profile->builtin.count)
        *VEC_PUSH(&profile->builtin) = (struct builtin_sum){.why = rule->why};
    struct builtin_sum *sum = &profile->builtin.items[i];
    sum->bytes = profile_add(sum->bytes, bytes);
    sum->blocks = profile_add(sum->blocks, blocks);
}

/* How many tables of threads each process may have: those of threads that run and of stacks that
 * are kept. */
static uint64_t *builtin_tables(const struct profile *profile)
{
    uint64_t *tables = xalloc_zeroed(profile->processes.count + 1, sizeof *tables);
    for (size_t i = 0; i < profile->processes.count; i++)
        tables[i] = KEPT_STACKS;
    for (size_t i = 1; i < profile->threads.count; i++) {
        const struct thread *thread = &profile->threads.items[i];
        const unsigned gone = MMT_THREAD_MAIN | MMT_THREAD_ENDED | MMT_THREAD_INHERITED;
        tables[thread->process] += (thread->flags & gone) == 0;
    }
    return tables;
}

/* The rule of each leak, or NULL. Where a process has more tables than it may have they are not
 * taken: its threads were not joined. */
static const struct rule **builtin_rules(const struct profile *profile)
{
    const struct rule **found = xalloc_zeroed(profile->leaks.count + 1, sizeof(struct rule *));
    uint64_t *tables = builtin_tables(profile);
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        if (builtin_concerns(profile, leak))
            found[i] = builtin_find(profile, leak->record.stack, leak->record.kind);
        if (found[i] == RULE_TABLES) {
            uint64_t blocks = leak->record.blocks, *left = &tables[leak->process];
            *left = *left >= blocks && *left != UINT64_MAX ? *left - blocks : UINT64_MAX;
        }
    }
    for (size_t i = 0; i < profile->leaks.count; i++)
        if (found[i] == RULE_TABLES && tables[profile->leaks.items[i].process] == UINT64_MAX)
            found[i] = NULL;
    free(tables);
    return found;
}

void builtin_apply(struct profile *profile)
{
    const struct rule **found = builtin_rules(profile);
    size_t kept = 0;
    for (size_t i = 0; i < profile->leaks.count; i++) {
        struct leak leak = profile->leaks.items[i];
        if (found[i] != NULL)
            builtin_count(profile, found[i], &leak);
        else
            profile->leaks.items[kept++] = leak;
    }
    profile->leaks.count = kept;
    free(found);
}
