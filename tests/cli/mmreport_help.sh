# SPDX-License-Identifier: MIT
mmreport --help | sed '/^options/q'
mmreport merge --help
mmreport snapshot --help
mmreport help suppressions | cmp - <(mmreport suppressions --help) && echo same
for command in summary errors tree top function diff gate baseline export; do
    echo "$command: $(mmreport $command --help | grep -oE '^  --[a-z-]+' | tr -d '\n')"
done
