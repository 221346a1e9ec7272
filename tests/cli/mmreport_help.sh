# SPDX-License-Identifier: MIT
mmreport --help | head -n 1
for command in summary errors tree; do
    mmreport --help | grep -q "$command" && echo "$command"
done
