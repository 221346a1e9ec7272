/* SPDX-License-Identifier: MIT */
#include "cli/verdict.h"

#include "cli/suppressing.h"
#include "load/baseline_file.h"
#include "load/load.h"
#include "load/textfile.h"
#include "sym/resolve.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void verdict_names(struct profile *profile, unsigned kinds, const struct symsearch *search)
{
    struct resolve_set wanted;
    if (search == NULL)
        return;
    resolve_set_init(&wanted, profile);
    for (size_t i = 0; i < profile->findings.count; i++)
        resolve_set_add_finding(&wanted, profile, &profile->findings.items[i]);
    resolve_set_add_leaks(&wanted, profile, kinds);
    resolve_names(profile, &wanted, search, true);
    resolve_set_free(&wanted);
}

static bool verdict_is_trace(const char *path)
{
    struct stat status;
    char magic[sizeof((struct mmt_header){0}.magic)] = "";
    if (stat(path, &status) != 0)
        return false;
    if (S_ISDIR(status.st_mode))
        return true;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool trace = descriptor >= 0 && read(descriptor, magic, sizeof magic) == sizeof magic &&
                 memcmp(magic, MMT_MAGIC, sizeof magic) == 0;
    if (descriptor >= 0)
        close(descriptor);
    return trace;
}

static bool verdict_from_traces(struct baseline *baseline, const char *path,
                                const struct verdict_rules *rules, struct failure *failure)
{
    struct profile profile;
    struct suppressions lists = {0};
    struct issues issues;
    char *const paths[] = {(char *)path};
    profile_init(&profile);
    bool good = load_paths(&profile, paths, 1, failure);
    if (good && profile.processes.count == 0)
        good = failure_set(failure, "%s: no process was recorded", path);
    if (good && profile.lost_files != 0)
        good = failure_set(failure, "%s: some of it could not be read: it is no baseline", path);
    if (good && suppressing_load(&lists, rules->suppressions)) {
        lists.no_builtin = rules->no_builtin;
        suppressing_apply(&lists, &profile, rules->search, SUPPRESSING_SILENT);
        verdict_names(&profile, rules->kinds, rules->search);
        issues_gather(&issues, &profile, rules->kinds);
        for (size_t i = 0; i < issues.items.count; i++) {
            const struct issue *issue = &issues.items.items[i];
            baseline_put(baseline,
                         &(struct baseline_entry){issue->hash, issue->kind, issue->path,
                                                  issue->count, issue->bytes, !issue->own});
        }
        issues_free(&issues);
    }
    suppressions_free(&lists);
    profile_free(&profile);
    return good;
}

bool verdict_baseline(struct baseline *baseline, const char *path,
                      const struct verdict_rules *rules)
{
    struct failure failure = {0};
    bool good = verdict_is_trace(path) ? verdict_from_traces(baseline, path, rules, &failure)
                                       : baseline_read(baseline, path, &failure);
    if (!good)
        failure_print(&failure);
    failure_free(&failure);
    return good;
}

bool verdict_check_baseline(const char *path, struct baseline_scope *scope, struct failure *failure)
{
    struct baseline baseline = {0};
    bool good = verdict_is_trace(path) || baseline_read(&baseline, path, failure);
    *scope = baseline.scope;
    baseline_free(&baseline);
    return good;
}

bool verdict_scope(const struct baseline_scope *scope, bool asked, unsigned *kinds, bool *own)
{
    if (!scope->known)
        return true;
    *own |= scope->own;
    if (asked && (*kinds & ~scope->kinds) != 0)
        return false;
    *kinds = !asked && (*kinds & scope->kinds) == 0 ? scope->kinds : *kinds & scope->kinds;
    return true;
}

static bool verdict_policy_line(struct gate_policy *policy, struct textfile *file, char *line)
{
    if (*line == '\0' || *line == '#')
        return true;
    char *equals = strchr(line, '=');
    if (equals == NULL)
        return failure_set(file->failure, "%s:%u: not WORD = VALUE", file->name, file->line);
    size_t length = (size_t)(equals - line);
    while (length != 0 && strchr(" \t", line[length - 1]) != NULL)
        length--;
    line[length] = '\0';
    const char *value = equals + 1 + strspn(equals + 1, " \t");
    if (!gate_policy_set(policy, line, value)) {
        return failure_set(file->failure, "%s:%u: '%s = %s' is not known", file->name, file->line,
                           line, value);
    }
    return true;
}

bool verdict_policy(struct gate_policy *policy, const char *path)
{
    struct textfile file;
    struct failure failure = {0};
    bool good = textfile_open(&file, path, &failure);
    for (char *line; good && (line = textfile_line(&file)) != NULL;)
        good = verdict_policy_line(policy, &file, line);
    good = good && failure.text == NULL;
    if (!good)
        failure_print(&failure);
    failure_free(&failure);
    textfile_close(&file);
    return good;
}

int verdict_status(const struct gate *gate, const char *doubts)
{
    return doubts[0] != '\0' ? 2 : gate->violations.count != 0;
}
