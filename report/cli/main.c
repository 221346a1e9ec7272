/* SPDX-License-Identifier: MIT
 *
 * One binary, two names: mmguard runs a program, mmreport shows what was recorded.
 */
#include "cli/arguments_table.h"
#include "cli/commands.h"
#include "cli/launch.h"
#include "model/profile.h"
#include "util/failure.h"
#include "util/version.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"summary", command_summary},
    {"errors", command_errors},
    {"tree", command_tree},
    {"top", command_top},
    {"function", command_function},
    {"diff", command_diff},
    {"gate", command_gate},
    {"baseline", command_baseline},
    {"export", command_export},
    {"suppressions", command_suppressions},
    {"merge", command_merge},
    {"snapshot", command_snapshot},
    {"_finding", command_finding},
    {"_ending", command_ending},
    {"_symbolize", command_symbolize},
};

/* `help` of a word that is no command would show what was not asked for. */
static int report_help(const char *name)
{
    bool known = name == NULL || arguments_command(name) != 0;
    for (size_t i = 0; !known && i < sizeof commands / sizeof *commands; i++)
        if (commands[i].name[0] != '_' && strcmp(name, commands[i].name) == 0)
            return commands[i].run(2, (char *[]){(char *)name, "--help", NULL});
    if (!known) {
        failure_warn("'%s' is not a command; see 'mmreport help'", name);
        return 2;
    }
    arguments_help(name != NULL ? arguments_command(name) : 0);
    return 0;
}

static int report_run(int argc, char **argv)
{
    if (argc < 2) {
        failure_warn("no command given; see 'mmreport help'");
        return 2;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return report_help(argc > 2 ? argv[2] : NULL);
    if (strcmp(argv[1], "--version") == 0) {
        puts("mmreport " MMGUARD_VERSION);
        return 0;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    failure_warn("'%s' is not a command; see 'mmreport help'", argv[1]);
    return 2;
}

/* What was asked for has not been done before it is written. */
static int report_main(int argc, char **argv)
{
    int status = report_run(argc, argv);
    if (status != 2 && (fflush(stdout) != 0 || ferror(stdout))) {
        failure_warn("standard output: %s", strerror(errno));
        return 2;
    }
    return status;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    if (argc > 0 && strcmp(profile_basename(argv[0]), "mmguard") == 0)
        return launch_main(argc, argv);
    return report_main(argc, argv);
}
