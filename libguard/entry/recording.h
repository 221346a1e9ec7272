/* SPDX-License-Identifier: MIT
 *
 * The live file (trace/recorder.h) of this process: when it begins and ends, and what goes into it.
 */
#ifndef ENTRY_RECORDING_H
#define ENTRY_RECORDING_H

/* At the start, in a forked child, and when an exec failed: blocks that the process has already are entered. Nothing without option `record`. */
void recording_start(void);

#endif
