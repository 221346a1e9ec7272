/* SPDX-License-Identifier: MIT */
#include "render/export_parts.h"

#include "model/catalog.h"
#include "render/findingwords.h"
#include "render/framename.h"
#include "render/text_gate.h"
#include "util/escape.h"
#include "util/shortname.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void export_put_title(struct textbuf *buffer, const struct issue *issue)
{
    struct textbuf name = {0};
    if (issue->function != NULL)
        shortname_put(&name, issue->function, 0);
    else
        textbuf_put(&name, profile_basename(issue->module));
    if (issue->leak)
        textbuf_format(buffer, "%s leak from ", issue->kind);
    else
        textbuf_format(buffer, "%s in ", catalog_error(issue->number)->title);
    textbuf_put_escaped(buffer, textbuf_text(&name));
    textbuf_free(&name);
}

void export_put_message(struct textbuf *buffer, const struct view *view, const struct issue *issue)
{
    static const char *const words[MMT_LEAK_KINDS] = {
        "definitely lost: nothing points to them any more",
        "indirectly lost: only what is lost itself points to them",
        "possibly lost: only the middle of a block is pointed to", "still reachable"};
    if (issue->leak) {
        text_gate_amount(buffer, true, issue->count, issue->bytes);
        textbuf_format(buffer, " %s", words[issue->number]);
    } else {
        findingwords_put(buffer, &view->profile->findings.items[issue->finding]);
    }
}

size_t export_stacks(struct export_stack stacks[3], const struct profile *profile,
                     const struct issue *issue)
{
    size_t count = 0;
    if (issue->leak) {
        stacks[count] = (struct export_stack){"allocated", issue->stack};
        return 1;
    }
    const struct finding *finding = &profile->findings.items[issue->finding];
    const struct mmt_finding *record = &finding->record;
    if (record->stack != 0) {
        stacks[count].stack = record->stack;
        snprintf(stacks[count++].what, sizeof stacks->what, "%s",
                 findingwords_stack_heading(finding));
    }
    if ((record->flags & MMT_FINDING_BLOCK) != 0) {
        stacks[count].stack = record->alloc_stack;
        snprintf(stacks[count++].what, sizeof stacks->what, "allocated by %s",
                 catalog_function(record->alloc_function));
    }
    if ((record->flags & MMT_FINDING_FREED) != 0) {
        stacks[count].stack = record->free_stack;
        snprintf(stacks[count++].what, sizeof stacks->what, "freed by %s",
                 catalog_function(record->free_function));
    }
    return count;
}

void export_put_details(struct textbuf *buffer, const struct view *view, const struct issue *issue)
{
    const struct style style = {.utf8 = false};
    struct export_stack stacks[3];
    struct callpath path = {0};
    size_t count = export_stacks(stacks, view->profile, issue);
    for (size_t i = 0; i < count; i++) {
        textbuf_format(buffer, "%s\n", stacks[i].what);
        callpath_expand(&path, view->profile, stacks[i].stack, false);
        for (size_t j = 0; j < path.entries.count; j++) {
            textbuf_format(buffer, "  #%zu ", j);
            framename_put_entry(buffer, &style, view->profile, &path.entries.items[j], view->root);
            textbuf_put(buffer, "\n");
        }
    }
    callpath_free(&path);
    textbuf_put(buffer, "in ");
    text_gate_programs(buffer, view->profile, issue);
    textbuf_format(buffer, "\nfingerprint %016" PRIx64 "\n", issue->hash);
}

/* Whether `name` below the root is a file, and the same one as `same` if that is given. */
static bool export_is_below(const struct view *view, const char *name, const struct stat *same)
{
    struct stat found;
    char *path = xalloc_format("%s/%s", view->root, name);
    bool below = stat(path, &found) == 0 && S_ISREG(found.st_mode) &&
                 (same == NULL || (found.st_dev == same->st_dev && found.st_ino == same->st_ino));
    free(path);
    return below;
}

/* Compilers may have been told to write other folders than those there are, and a checkout may be
 * reached by a symbolic link: what counts is the longest end of the path that is a file below the
 * root. A file that exists elsewhere is not one of the repository that happens to end alike. */
const char *export_file(const struct view *view, const char *file)
{
    struct stat status;
    size_t length = strlen(view->root);
    if (length > 1 && strncmp(file, view->root, length) == 0 && file[length] == '/' &&
        file[length + 1] != '\0')
        return file + length + 1;
    bool absolute = file[0] == '/';
    const struct stat *same = absolute && stat(file, &status) == 0 ? &status : NULL;
    for (const char *at = file; length > 1 && at != NULL; at = strchr(at, '/')) {
        at += strspn(at, "/");
        /* One name alone is too little to know a file by that was built somewhere else. */
        bool enough = !absolute || same != NULL || strchr(at, '/') != NULL;
        bool up = at[0] == '.' && (at[1] == '/' || (at[1] == '.' && at[2] == '/'));
        if (enough && !up && *at != '\0' && export_is_below(view, at, same))
            return at;
    }
    while (file[0] == '.' && file[1] == '/' && file[2] != '\0')
        file += 2;
    return file;
}

const char *export_place(const struct view *view, const struct issue *issue, uint32_t *line)
{
    *line = issue->line != 0 ? issue->line : 1;
    if (issue->file != NULL)
        return export_file(view, issue->file);
    const char *name = profile_basename(issue->module);
    return name[0] != '\0' ? name : "unknown";
}

const char *export_level(const struct issue *issue)
{
    if (issue->leak) {
        return issue->number == MMT_LEAK_DEFINITE   ? "error"
               : issue->number == MMT_LEAK_POSSIBLE ? "warning"
                                                    : "note";
    }
    return catalog_error(issue->number)->severity;
}

void export_put_xml(struct textbuf *buffer, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0, size; i < length; i += size) {
        unsigned char byte = (unsigned char)text[i];
        size = escape_utf8_length(text + i, length - i);
        bool control = byte < 0x20 && byte != '\n' && byte != '\t';
        /* U+FFFE and U+FFFF are UTF-8, but no characters of XML. */
        bool none = size == 3 && byte == 0xef && (unsigned char)text[i + 1] == 0xbf &&
                    (unsigned char)text[i + 2] >= 0xbe;
        if (size == 0 || control || none || byte == 0x7f) {
            textbuf_put(buffer, "?");
            size = size != 0 ? size : 1;
        } else if (byte == '&' || byte == '<' || byte == '>' || byte == '"') {
            textbuf_put(buffer, byte == '&'   ? "&amp;"
                                : byte == '<' ? "&lt;"
                                : byte == '>' ? "&gt;"
                                              : "&quot;");
        } else {
            textbuf_put_bytes(buffer, text + i, size);
        }
    }
}
