/* SPDX-License-Identifier: MIT */
#include "cli/arguments_table.h"
#include "cli/begin.h"
#include "cli/commands.h"
#include "load/merge.h"

int command_merge(int argc, char **argv)
{
    struct arguments arguments;
    struct merge merge = {0};
    struct failure failure = {0};
    int status = COMMAND_BAD;
    if (!arguments_read(&arguments, ARGUMENTS_MERGE, argc, argv)) {
        arguments_free(&arguments);
        return status;
    }
    if (arguments.help) {
        arguments_help(ARGUMENTS_MERGE);
        status = 0;
    } else if (!merge_add(&merge, arguments.files, arguments.file_count, &failure)) {
        failure_print(&failure);
    } else if (merge.processes.count == 0) {
        failure_warn("%s: no process was recorded", arguments.files[0]);
    } else if (!merge_write(&merge, arguments.output, &failure)) {
        failure_print(&failure);
    } else {
        status = merge.incomplete ? COMMAND_BAD : 0;
    }
    failure_free(&failure);
    merge_free(&merge);
    arguments_free(&arguments);
    return status;
}
