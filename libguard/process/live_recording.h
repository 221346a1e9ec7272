/* SPDX-License-Identifier: MIT
 *
 * The live file (trace/recorder.h) of this process: when it begins and ends, and what goes into it.
 */
#ifndef PROCESS_LIVE_RECORDING_H
#define PROCESS_LIVE_RECORDING_H

/* At the start, in a forked child, and when an exec failed: blocks that the process has already are
 * entered. Nothing without option `record`. */
void live_recording_start(void);

#endif
