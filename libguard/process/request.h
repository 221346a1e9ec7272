/* SPDX-License-Identifier: MIT
 *
 * Requests from outside: `mmreport snapshot PID` queues our stop signal with a value, the process
 * writes a snapshot and answers with its path.
 */
#ifndef PROCESS_REQUEST_H
#define PROCESS_REQUEST_H

/* Once, at the start. */
void request_init(void);

#endif
