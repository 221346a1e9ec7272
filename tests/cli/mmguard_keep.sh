# SPDX-License-Identifier: MIT
# With -o the traces stay: one a process, readable, and nothing else.
mkdir traces
mmguard -q -o traces bash -c "/bin/echo one; true"
ls traces | sed "s/[0-9]\{1,\}/PID/" | sort
ls -A traces | grep -c "^\."
mmreport summary traces/*.mmg >/dev/null && echo readable
find traces -name "*.mmg" -perm 600 | wc -l
