/* SPDX-License-Identifier: MIT */
#include "query/unsearched.h"

#include <inttypes.h>

const char unsearched_choice[] =
    "turned off by leak_check=0, or by the program (LeakSanitizer's interface)";

bool unsearched_by_choice(const struct process *process)
{
    return process->has_leak_check && process->leak_check.status == MMT_LEAK_NOT_RUN;
}

void unsearched_put_threads(struct textbuf *buffer, const struct process *process)
{
    static const struct {
        uint32_t reason; /* enum mmt_unstopped */
        const char *text;
    } reasons[] = {
        {MMT_UNSTOPPED_BLOCKED, "it blocks signal 63 by a system call of its own (leave that out)"},
        {MMT_UNSTOPPED_WAITING, "it waits in the kernel for a child made by vfork or for a device "
                                "(end the process after that)"},
        {MMT_UNSTOPPED_HALTED, "a debugger has halted it (let it go on first)"},
        {MMT_UNSTOPPED_SLOW, "it did not get to run for a second (run it where less runs)"},
        {MMT_UNSTOPPED_REFUSED, "the kernel refused the signal that stops it (ulimit -i)"},
    };
    const struct mmt_leak_check *check = &process->leak_check;
    if (!process->has_leak_check || check->threads_unstopped == 0)
        return;
    textbuf_format(buffer,
                   "%" PRIu32 " of %" PRIu32 " other threads could not be stopped while leaks were "
                   "searched; what it may hold counts as reachable",
                   check->threads_unstopped, check->threads);
    const char *separator = ": ";
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if ((check->unstopped_reasons & reasons[i].reason) != 0) {
            textbuf_format(buffer, "%s%s", separator, reasons[i].text);
            separator = "; or ";
        }
    }
}
