/* SPDX-License-Identifier: MIT */
#include "load/suppressions.h"

#include "load/textfile.h"
#include "model/catalog.h"
#include "util/textbuf.h"

#include <string.h>
#include <time.h>

#define ALL_LEAKS ((1u << MMT_LEAK_KINDS) - 1)

/* Patterns of one rule, as many as Valgrind takes frames with some room. */
#define MOST_PATTERNS 64

struct reader {
    struct suppressions *into;
    struct textfile text;
    struct failure *failure;
    const char *file;
};

static bool reader_fail(struct reader *reader, const char *what, const char *text)
{
    return failure_set(reader->failure, "%s:%u: %s%s%s", reader->file, reader->text.line, what,
                       text != NULL ? ": " : "", text != NULL ? text : "");
}

static const char *reader_keep(struct reader *reader, const char *text)
{
    return strpool_put(&reader->into->strings, text, strlen(text));
}

static struct suppression reader_rule(struct reader *reader, enum suppression_form form)
{
    return (struct suppression){
        .form = form,
        .file = reader->file,
        .line = reader->text.line,
        .name = "",
        .reason = "",
        .until = "",
        .first = (uint32_t)reader->into->patterns.count,
    };
}

static bool reader_add(struct reader *reader, const struct suppression *rule)
{
    *VEC_PUSH(&reader->into->rules) = *rule;
    return true;
}

static void reader_pattern(struct reader *reader, struct suppression *rule,
                           enum suppression_part part, const char *text)
{
    *VEC_PUSH(&reader->into->patterns) =
        (struct suppression_pattern){part, reader_keep(reader, text)};
    rule->count++;
}

/* Sets the kinds a word stands for. */
static bool reader_kind(const char *word, struct suppression *rule)
{
    if (strcmp(word, "any") == 0) {
        rule->errors = UINT64_MAX;
        rule->leaks = ALL_LEAKS;
        return true;
    }
    for (uint32_t kind = 0; kind < MMT_LEAK_KINDS; kind++) {
        if (strcmp(word, catalog_leak_kind(kind)) == 0) {
            rule->leaks = 1u << kind;
            return true;
        }
    }
    for (uint32_t kind = 1; kind < SUPPRESSION_ERROR_KINDS; kind++) {
        if (catalog_error(kind)->kind == kind && strcmp(word, catalog_error(kind)->slug) == 0) {
            rule->errors = UINT64_C(1) << kind;
            return true;
        }
    }
    return false;
}

/* "until 2027-01-31, reason" or "reason" */
static bool reader_reason(struct reader *reader, char *text, struct suppression *rule)
{
    char day[11] = "";
    struct tm date = {0}, same;
    if (strncmp(text, "until ", 6) != 0) {
        rule->reason = reader_keep(reader, text);
        return true;
    }
    text += 6 + strspn(text + 6, " ");
    size_t length = strcspn(text, ", ");
    if (length == 10)
        memcpy(day, text, 10);
    char *end = strptime(day, "%Y-%m-%d", &date);
    same = date;
    /* A day that does not exist becomes another one. */
    if (length != 10 || end == NULL || *end != '\0' || strspn(day, "0123456789-") != 10 ||
        timegm(&same) == (time_t)-1 || same.tm_mday != date.tm_mday)
        return reader_fail(reader, "no date of the form YYYY-MM-DD after 'until'", text);
    rule->until = reader_keep(reader, day);
    text += length;
    rule->reason = reader_keep(reader, text + strspn(text, ", "));
    return true;
}

/* FUNCTION < CALLER < CALLER */
static bool reader_path(struct reader *reader, char *text, struct suppression *rule)
{
    for (char *next = text; next != NULL;) {
        char *end = strstr(next, " < ");
        if (end != NULL)
            *end = '\0';
        if (*next == '\0' || rule->count == MOST_PATTERNS) {
            return reader_fail(reader, *next == '\0' ? "a function is missing" : "too many callers",
                               NULL);
        }
        bool rest = strcmp(next, "...") == 0;
        reader_pattern(reader, rule, rest ? SUPPRESSION_REST : SUPPRESSION_FUNCTION, next);
        next = end != NULL ? end + 3 : NULL;
    }
    return true;
}

/* KIND:... on one line */
static bool reader_line(struct reader *reader, char *line)
{
    char *colon = strchr(line, ':');
    if (colon == NULL)
        return reader_fail(reader, "neither KIND:FUNCTION nor '{'", line);
    *colon = '\0';
    char *pattern = colon + 1;
    bool leak = strcmp(line, "leak") == 0;
    struct suppression rule = reader_rule(reader, leak ? SUPPRESSION_ANYWHERE : SUPPRESSION_PATH);
    if (leak)
        rule.leaks = ALL_LEAKS;
    else if (!reader_kind(line, &rule))
        return reader_fail(reader, "not a kind of error or leak", line);
    char *reason = strstr(pattern, " # ");
    if (reason != NULL) {
        *reason = '\0';
        if (!reader_reason(reader, reason + 3 + strspn(reason + 3, " "), &rule))
            return false;
    }
    size_t length = strlen(pattern);
    while (length != 0 && pattern[length - 1] == ' ')
        pattern[--length] = '\0';
    pattern += strspn(pattern, " ");
    if (*pattern == '\0')
        return reader_fail(reader, "a pattern is missing after ':'", NULL);
    char *name = xalloc_format("%s:%s", line, pattern);
    rule.name = reader_keep(reader, name);
    free(name);
    if (leak)
        reader_pattern(reader, &rule, SUPPRESSION_FUNCTION, pattern);
    else if (!reader_path(reader, pattern, &rule))
        return false;
    return reader_add(reader, &rule);
}

static uint64_t reader_errors_of(const char *kind, struct suppression *rule)
{
    static const enum mmt_error accesses[] = {
        MMT_ERROR_HEAP_OVERFLOW_READ,  MMT_ERROR_HEAP_OVERFLOW_WRITE,
        MMT_ERROR_HEAP_UNDERFLOW_READ, MMT_ERROR_HEAP_UNDERFLOW_WRITE,
        MMT_ERROR_USE_AFTER_FREE_READ, MMT_ERROR_USE_AFTER_FREE_WRITE,
        MMT_ERROR_SLACK_DAMAGE,        MMT_ERROR_WILD_ACCESS,
    };
    static const enum mmt_error frees[] = {
        MMT_ERROR_DOUBLE_FREE,           MMT_ERROR_INVALID_FREE,
        MMT_ERROR_INVALID_FREE_INTERIOR, MMT_ERROR_ALLOC_DEALLOC_MISMATCH,
        MMT_ERROR_SIZED_DELETE_MISMATCH, MMT_ERROR_ALIGNED_DELETE_MISMATCH,
        MMT_ERROR_REALLOC_AFTER_FREE,
    };
    uint64_t errors = 0;
    char *end;
    if (strncmp(kind, "Addr", 4) == 0) {
        rule->access_size = (uint32_t)strtoul(kind + 4, &end, 10);
        for (size_t i = 0; *end == '\0' && i < sizeof accesses / sizeof *accesses; i++)
            errors |= UINT64_C(1) << accesses[i];
    } else if (strcmp(kind, "Overlap") == 0) {
        errors = UINT64_C(1) << MMT_ERROR_OVERLAPPING_COPY;
    } else if (strcmp(kind, "Free") == 0) {
        for (size_t i = 0; i < sizeof frees / sizeof *frees; i++)
            errors |= UINT64_C(1) << frees[i];
    }
    return errors;
}

/* "Memcheck:Leak", "Memcheck,Addrcheck:Addr4". A kind that this tool has no errors of makes a rule
 * that takes nothing. */
static bool reader_tool(struct reader *reader, const char *line, struct suppression *rule)
{
    const char *colon = strchr(line, ':');
    if (colon == NULL || colon == line || colon[1] == '\0')
        return reader_fail(reader, "not of the form TOOL:KIND", line);
    bool memcheck = false;
    for (const char *tool = line; tool < colon;) {
        size_t length = strcspn(tool, ",:");
        memcheck |= length == 8 && memcmp(tool, "Memcheck", 8) == 0;
        memcheck |= length == 9 && memcmp(tool, "Addrcheck", 9) == 0;
        tool += length + 1;
    }
    if (memcheck && strcmp(colon + 1, "Leak") == 0)
        rule->leaks = ALL_LEAKS;
    else if (memcheck)
        rule->errors = reader_errors_of(colon + 1, rule);
    return true;
}

static bool reader_leak_kinds(struct reader *reader, char *list, struct suppression *rule)
{
    rule->leaks = 0;
    char *rest = NULL;
    for (char *word = strtok_r(list, ", ", &rest); word != NULL;
         word = strtok_r(NULL, ", ", &rest)) {
        struct suppression one = {0};
        if (strcmp(word, "all") == 0)
            rule->leaks = ALL_LEAKS;
        else if (strcmp(word, "none") == 0)
            continue;
        else if (strcmp(word, "any") != 0 && reader_kind(word, &one) && one.leaks != 0)
            rule->leaks |= one.leaks;
        else
            return reader_fail(reader, "not a kind of leak", word);
    }
    return true;
}

static bool reader_frame(struct reader *reader, const char *line, struct suppression *rule)
{
    static const struct {
        const char *start;
        enum suppression_part part;
    } parts[] = {
        {"fun:", SUPPRESSION_FUNCTION}, {"obj:", SUPPRESSION_MODULE}, {"src:", SUPPRESSION_SOURCE}};
    if (rule->count == MOST_PATTERNS)
        return reader_fail(reader, "too many callers", NULL);
    if (strcmp(line, "...") == 0) {
        reader_pattern(reader, rule, SUPPRESSION_REST, "...");
        return true;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strncmp(line, parts[i].start, 4) == 0 && line[4] != '\0') {
            /* Names in reports have no versions, as in realpath@@GLIBC_2.3. */
            char *text = xalloc_text(line + 4, strlen(line + 4));
            char *version = parts[i].part == SUPPRESSION_FUNCTION ? strchr(text, '@') : NULL;
            if (version != NULL && version != text)
                *version = '\0';
            reader_pattern(reader, rule, parts[i].part, text);
            free(text);
            return true;
        }
    }
    return reader_fail(reader, "not fun:, obj:, src: or '...'", line);
}

/* After '{': a name, TOOL:KIND, perhaps a line about the kind, then callers up to '}'. */
static bool reader_block(struct reader *reader)
{
    struct suppression rule = reader_rule(reader, SUPPRESSION_STACK);
    unsigned lines = 0;
    bool param = false;
    for (char *line; (line = textfile_line(&reader->text)) != NULL;) {
        if (*line == '\0' || *line == '#')
            continue;
        bool good = true;
        if (strcmp(line, "}") == 0) {
            if (rule.count == 0)
                return reader_fail(reader, "'}' before the first caller", NULL);
            return reader_add(reader, &rule);
        }
        if (strcmp(line, "{") == 0)
            return reader_fail(reader, "'{' inside of a suppression", NULL);
        lines++;
        if (lines == 1) {
            rule.name = reader_keep(reader, line);
        } else if (lines == 2) {
            good = reader_tool(reader, line, &rule);
            param = strstr(line, ":Param") != NULL || strstr(line, ":CoreError") != NULL;
        } else if (lines == 3 && param) {
            continue;
        } else if (strncmp(line, "match-leak-kinds:", 17) == 0 && rule.count == 0) {
            good = rule.leaks == 0 ? reader_fail(reader, "leak kinds of what is no leak", line)
                                   : reader_leak_kinds(reader, line + 17, &rule);
        } else {
            good = reader_frame(reader, line, &rule);
        }
        if (!good)
            return false;
    }
    return failure_set(reader->failure, "%s:%u: '{' without '}'", reader->file, rule.line);
}

static bool reader_all(struct reader *reader)
{
    for (char *line; (line = textfile_line(&reader->text)) != NULL;) {
        if (*line == '\0' || *line == '#')
            continue;
        bool block = strcmp(line, "{") == 0;
        if (!(block ? reader_block(reader) : reader_line(reader, line)))
            return false;
    }
    return reader->failure->text == NULL;
}

bool suppressions_parse(struct suppressions *suppressions, const char *name, const char *text,
                        size_t length, struct failure *failure)
{
    struct reader reader = {.into = suppressions, .failure = failure};
    reader.file = reader_keep(&reader, name);
    textfile_open_text(&reader.text, reader.file, text, length, failure);
    bool good = reader_all(&reader);
    textfile_close(&reader.text);
    return good;
}

bool suppressions_read(struct suppressions *suppressions, const char *path, struct failure *failure)
{
    struct reader reader = {.into = suppressions, .failure = failure};
    reader.file = reader_keep(&reader, path);
    bool good = textfile_open(&reader.text, reader.file, failure) && reader_all(&reader);
    textfile_close(&reader.text);
    return good;
}

/* Whether the line, which has no blanks at its ends, is a rule that can be kept. */
static bool program_line(struct suppressions *read, const char *line, size_t length)
{
    struct failure failure = {0};
    bool good = length > 5 && memcmp(line, "leak:", 5) == 0 &&
                read->rules.count < SUPPRESSIONS_PROGRAM_LINES &&
                suppressions_parse(read, "", line, length, &failure);
    failure_free(&failure);
    return good;
}

bool suppressions_of_program(struct textbuf *kept, const char *text, size_t length)
{
    static const char blanks[] = {' ', '\t', '\r'};
    struct suppressions read = {0};
    size_t end = length < SUPPRESSIONS_PROGRAM_BYTES ? length : SUPPRESSIONS_PROGRAM_BYTES;
    bool all = end == length;
    for (size_t next = 0; next < end;) {
        const char *line = text + next, *stop = memchr(line, '\n', end - next);
        if (stop == NULL && end != length)
            break; /* the start of a pattern would match more than the pattern */
        size_t size = stop != NULL ? (size_t)(stop - line) : end - next;
        next += size + 1;
        while (size != 0 && memchr(blanks, line[size - 1], sizeof blanks) != NULL)
            size--;
        while (size != 0 && memchr(blanks, *line, sizeof blanks) != NULL) {
            line++;
            size--;
        }
        if (size == 0 || *line == '#')
            continue;
        if (program_line(&read, line, size)) {
            textbuf_put_bytes(kept, line, size);
            textbuf_put(kept, "\n");
        } else {
            all = false;
        }
    }
    suppressions_free(&read);
    return all;
}
