# SPDX-License-Identifier: MIT
# Reports go to the file, for the process and for the whole run.
mmguard --log=report-%e "$SAMPLES/overflow"
echo $?
ls
grep -c heap-buffer-overflow-write report-overflow
