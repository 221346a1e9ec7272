/* SPDX-License-Identifier: MIT
 *
 * Requests from outside: `mmreport snapshot PID` queues our stop signal with a value, the process writes a snapshot and answers with its path.
 */
#ifndef ENTRY_REQUEST_H
#define ENTRY_REQUEST_H

/* Once, at the start. */
void request_init(void);

#endif
