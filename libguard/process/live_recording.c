/* SPDX-License-Identifier: MIT */
#include "process/live_recording.h"

#include "base/notice.h"
#include "diag/findings.h"
#include "guard/guard.h"
#include "heap/heap.h"
#include "process/trace_file.h"
#include "trace/recorder.h"

static void live_recording_put_finding(struct trace_writer *writer, void *argument)
{
    findings_put_one(writer, *(const uint32_t *)argument);
}

static void live_recording_on_finding(const struct mmt_finding *finding)
{
    uint32_t id = finding->id;
    recorder_stack(finding->stack);
    recorder_stack(finding->alloc_stack);
    recorder_stack(finding->free_stack);
    recorder_append(live_recording_put_finding, &id);
}

static bool enter_block(struct block *block, void *unused)
{
    (void)unused;
    if (block->alloc_thread && block->alloc_thread < thread_first_own())
        return true;
    recorder_add(&(struct mmt_live){.address = block->start,
                                    .size = block->size,
                                    .stack = block->alloc_stack,
                                    .thread = block->alloc_thread,
                                    .function = block->alloc_function});
    return recorder_on();
}

void live_recording_start(void)
{
    if (!guard.options.record)
        return;
    char directory[2048];
    trace_file_directory(directory, sizeof(directory));
    findings_record(live_recording_on_finding);
    if (recorder_start(directory, &guard.process))
        notice_once(MMT_NOTE_DEGRADED, "the live file cannot be made in the directory of option "
                                       "'dir'; after SIGKILL nothing will be known");
    else
        heap_each_live(enter_block, NULL);
}
