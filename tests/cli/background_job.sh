# SPDX-License-Identifier: MIT
# A job in the background of a terminal that stops such jobs when they write (stty tostop): a program that writes nothing itself
# is not stopped for our writing, and its report arrives, symbolized or not.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
python3 -c 'import pty; pty.openpty()' 2>/dev/null || { echo "no terminals to be had here" >&2; exit 77; }
background() { python3 "$(dirname "$BASH_SOURCE")/background_job.py" "$@" | grep -oE '^status.*|^stopped.*|CWE-122|[0-9]+ errors?'; }
export MMGUARD_OPTIONS=color=never
background sh -c "LD_PRELOAD=$BUILD/libguard.so exec $SAMPLES/overflow >/dev/null"
MMGUARD_OPTIONS+=:symbolizer=/nonexistent/mmreport
background sh -c "LD_PRELOAD=$BUILD/libguard.so exec $SAMPLES/overflow >/dev/null"
