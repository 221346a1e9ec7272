/* SPDX-License-Identifier: MIT
 *
 * The XML of Valgrind's memcheck, protocol 4 (docs/internals/xml-output-protocol4.txt of Valgrind):
 * the errors before the status FINISHED, the leaks after it; every frame has an address and an
 * object.
 */
#include "render/export_parts.h"
#include "render/valgrind_words.h"
#include "util/version.h"

#include <inttypes.h>
#include <string.h>

/* Readers keep bytes in 32 bits with a sign. */
#define LEAKED_MOST INT32_MAX

struct valgrind_xml {
    const struct view *view;
    uint32_t process;
    struct textbuf text;
    uint64_t unique;
};

static void valgrind_element(struct valgrind_xml *xml, const char *indent, const char *name,
                             const char *text)
{
    textbuf_format(&xml->text, "%s<%s>", indent, name);
    export_put_xml(&xml->text, text);
    textbuf_format(&xml->text, "</%s>\n", name);
}

static void valgrind_number(struct valgrind_xml *xml, const char *indent, const char *name,
                            uint64_t number)
{
    textbuf_format(&xml->text, "%s<%s>%" PRIu64 "</%s>\n", indent, name, number, name);
}

static void valgrind_frame(struct valgrind_xml *xml, const struct callpath_entry *entry)
{
    const struct profile *profile = xml->view->profile;
    const struct frame *frame = &profile->frames.items[entry->frame];
    const struct symbol *symbol = entry->symbol;
    textbuf_format(&xml->text, "    <frame>\n      <ip>0x%" PRIX64 "</ip>\n", frame->address);
    const char *module = profile->modules.items[frame->module].path;
    valgrind_element(xml, "      ", "obj", module[0] != '\0' ? module : "unknown");
    if (symbol != NULL && symbol->function != NULL)
        valgrind_element(xml, "      ", "fn", symbol->function);
    if (symbol != NULL && symbol->file != NULL) {
        const char *base = profile_basename(symbol->file);
        char *folder = xalloc_text(symbol->file, (size_t)(base - symbol->file));
        size_t length = strlen(folder);
        if (length > 1)
            folder[length - 1] = '\0';
        if (length != 0)
            valgrind_element(xml, "      ", "dir", folder);
        valgrind_element(xml, "      ", "file", base);
        if (symbol->line != 0)
            valgrind_number(xml, "      ", "line", symbol->line);
        free(folder);
    }
    textbuf_put(&xml->text, "    </frame>\n");
}

static void valgrind_stack(struct valgrind_xml *xml, uint32_t stack)
{
    struct callpath path = {0};
    callpath_expand(&path, xml->view->profile, stack, false);
    textbuf_put(&xml->text, "  <stack>\n");
    for (size_t i = 0; i < path.entries.count; i++)
        if (path.entries.items[i].frame != 0)
            valgrind_frame(xml, &path.entries.items[i]);
    if (path.entries.count == 0) {
        textbuf_put(&xml->text, "    <frame>\n      <ip>0x0</ip>\n      <obj>unknown</obj>\n"
                                "    </frame>\n");
    }
    textbuf_put(&xml->text, "  </stack>\n");
    callpath_free(&path);
}

static void valgrind_open(struct valgrind_xml *xml, uint32_t thread, const char *kind)
{
    const struct thread *one = &xml->view->profile->threads.items[thread];
    textbuf_format(&xml->text, "<error>\n  <unique>0x%" PRIx64 "</unique>\n", xml->unique++);
    valgrind_number(xml, "  ", "tid", thread != 0 ? one->id : 1);
    valgrind_element(xml, "  ", "kind", kind);
}

static void valgrind_finding(struct valgrind_xml *xml, const struct finding *finding)
{
    const struct mmt_finding *record = &finding->record;
    struct textbuf words = {0};
    valgrind_open(xml, record->thread, valgrind_kind(finding));
    valgrind_put_what(&words, finding);
    valgrind_element(xml, "  ", "what", textbuf_text(&words));
    textbuf_clear(&words);
    valgrind_stack(xml, record->stack);
    valgrind_put_where(&words, finding);
    valgrind_element(xml, "  ", "auxwhat", textbuf_text(&words));
    if ((record->flags & MMT_FINDING_FREED) != 0) {
        valgrind_stack(xml, record->free_stack);
        valgrind_element(xml, "  ", "auxwhat", "Block was alloc'd at");
    }
    if ((record->flags & MMT_FINDING_BLOCK) != 0)
        valgrind_stack(xml, record->alloc_stack);
    textbuf_put(&xml->text, "</error>\n");
    textbuf_free(&words);
}

static void valgrind_leak(struct valgrind_xml *xml, const struct mmt_leak *leak, size_t number,
                          size_t all)
{
    struct textbuf words = {0};
    valgrind_open(xml, leak->thread, valgrind_leak_kind(leak->kind));
    valgrind_put_leak(&words, leak, number, all);
    textbuf_put(&xml->text, "  <xwhat>\n");
    valgrind_element(xml, "    ", "text", textbuf_text(&words));
    valgrind_number(xml, "    ", "leakedbytes",
                    leak->bytes < LEAKED_MOST ? leak->bytes : LEAKED_MOST);
    valgrind_number(xml, "    ", "leakedblocks",
                    leak->blocks < LEAKED_MOST ? leak->blocks : LEAKED_MOST);
    textbuf_put(&xml->text, "  </xwhat>\n");
    valgrind_stack(xml, leak->stack);
    textbuf_put(&xml->text, "</error>\n");
    textbuf_free(&words);
}

static bool valgrind_has(const struct valgrind_xml *xml, uint32_t process)
{
    return xml->process == TOTALS_ALL || xml->process == process;
}

static bool valgrind_counts(const struct valgrind_xml *xml, const struct leak *leak)
{
    return (xml->view->kinds >> leak->record.kind & 1) != 0 && valgrind_has(xml, leak->process);
}

static void valgrind_head(struct valgrind_xml *xml, const struct process *process)
{
    textbuf_put(&xml->text, "<?xml version=\"1.0\"?>\n<valgrindoutput>\n"
                            "<protocolversion>4</protocolversion>\n"
                            "<protocoltool>memcheck</protocoltool>\n<preamble>\n");
    valgrind_element(xml, "  ", "line", "mmguard " MMGUARD_VERSION);
    textbuf_put(&xml->text, "</preamble>\n");
    valgrind_number(xml, "", "pid", process->pid);
    valgrind_number(xml, "", "ppid", process->parent_pid);
    textbuf_put(&xml->text, "<tool>memcheck</tool>\n<args>\n  <vargv>\n");
    valgrind_element(xml, "    ", "exe", "mmguard");
    textbuf_put(&xml->text, "  </vargv>\n  <argv>\n");
    valgrind_element(xml, "    ", "exe", process->executable);
    const char *arguments = xml->view->arguments ? strchr(process->arguments, ' ') : NULL;
    if (arguments != NULL)
        valgrind_element(xml, "    ", "arg", arguments + 1);
    textbuf_put(&xml->text, "  </argv>\n</args>\n");
}

static void valgrind_status(struct valgrind_xml *xml, const char *state, uint64_t nanoseconds)
{
    uint64_t milliseconds = nanoseconds / 1000000, seconds = milliseconds / 1000;
    textbuf_format(&xml->text,
                   "<status>\n  <state>%s</state>\n  <time>%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
                   ":%02" PRIu64 ".%03" PRIu64 "</time>\n</status>\n",
                   state, seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60,
                   milliseconds % 1000);
}

void export_valgrind_xml(const struct view *view)
{
    const struct profile *profile = view->profile;
    struct valgrind_xml xml = {.view = view, .process = view->process};
    const struct process *shown =
        &profile->processes.items[xml.process == TOTALS_ALL ? 0 : xml.process];
    size_t leaks = 0, number = 0;
    valgrind_head(&xml, shown);
    valgrind_status(&xml, "RUNNING", 0);
    for (size_t i = 0; i < profile->findings.count; i++)
        if (valgrind_has(&xml, profile->findings.items[i].process))
            valgrind_finding(&xml, &profile->findings.items[i]);
    uint64_t end = shown->end_time > shown->start_time ? shown->end_time - shown->start_time : 0;
    valgrind_status(&xml, "FINISHED", end);
    for (size_t i = 0; i < profile->leaks.count; i++)
        leaks += valgrind_counts(&xml, &profile->leaks.items[i]);
    for (size_t i = 0; i < profile->leaks.count; i++)
        if (valgrind_counts(&xml, &profile->leaks.items[i]))
            valgrind_leak(&xml, &profile->leaks.items[i].record, ++number, leaks);
    textbuf_put(&xml.text, "<errorcounts>\n");
    for (uint64_t i = 0; i < xml.unique; i++) {
        textbuf_format(
            &xml.text,
            "  <pair>\n    <count>1</count>\n    <unique>0x%" PRIx64 "</unique>\n  </pair>\n", i);
    }
    textbuf_put(&xml.text, "</errorcounts>\n<suppcounts>\n</suppcounts>\n</valgrindoutput>\n");
    fputs(textbuf_text(&xml.text), view->style.out);
    textbuf_free(&xml.text);
}
