/* SPDX-License-Identifier: MIT */
#include "query/unended.h"

#include "util/unguardable.h"
#include "util/xalloc.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

const char *unended_words(const struct process *process)
{
    switch (process->mark.state) {
    case MMT_MARK_EXEC:
        return "ran unguarded";
    case MMT_MARK_LOST:
        return "its trace could not be written";
    default:
        return (process->mark.flags & MMT_MARK_SANDBOX) != 0    ? "entered a sandbox"
               : process->mark.signal != 0                      ? "killed"
               : (process->mark.flags & MMT_MARK_OUTLIVES) != 0 ? "ran on after mmguard returned"
                                                                : "ended without a word";
    }
}

/* As far as can be told afterwards: the file may be another by now, or be seen elsewhere. */
static const char *unended_why_unguarded(const struct process *process)
{
    const char *program = process->executable;
    char *path = program[0] == '/' ? xalloc_format("%s", program)
                                   : xalloc_format("%s/%s", process->directory, program);
    const char *why = unguardable_path(path);
    free(path);
    if (why != NULL)
        return why;
    return (process->mark.flags & MMT_MARK_NO_PRELOAD) != 0
               ? "it was started without LD_PRELOAD in its environment"
               : "libguard.so was not loaded into it, or could not reach the folder of the traces; "
                 "does it run in a sandbox or container?";
}

static void unended_put_signal(struct textbuf *buffer, uint32_t number)
{
    const char *name = number < NSIG ? sigabbrev_np((int)number) : NULL;
    textbuf_format(buffer, "killed by signal %" PRIu32, number);
    if (name != NULL)
        textbuf_format(buffer, " (SIG%s)", name);
}

static void unended_put_findings(struct textbuf *buffer, uint32_t findings)
{
    if (findings != 0) {
        textbuf_format(buffer, "; %" PRIu32 " error%s known of it", findings,
                       findings == 1 ? " is" : "s are");
    }
    textbuf_put(buffer, "; leaks were not searched for");
}

void unended_put_reason(struct textbuf *buffer, const struct process *process)
{
    const struct mmt_mark *mark = &process->mark;
    switch (mark->state) {
    case MMT_MARK_EXEC:
        textbuf_put(buffer, "ran unguarded: ");
        textbuf_put(buffer, unended_why_unguarded(process));
        return;
    case MMT_MARK_LOST:
        textbuf_put(buffer, "its trace could not be written");
        break;
    default:
        if (mark->signal != 0)
            unended_put_signal(buffer, mark->signal);
        else if ((mark->flags & MMT_MARK_SANDBOX) != 0)
            textbuf_put(buffer, "entered a sandbox (seccomp), from which no trace can be written");
        else if ((mark->flags & MMT_MARK_OUTLIVES) != 0)
            textbuf_put(buffer, "still ran when mmguard returned");
        else
            textbuf_put(buffer, "ended without a word: killed, or by a bare exit_group");
        break;
    }
    unended_put_findings(buffer, mark->findings);
}
