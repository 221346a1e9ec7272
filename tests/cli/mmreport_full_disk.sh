# SPDX-License-Identifier: MIT
# What could not be written was not shown: every output ends with status 2.
for command in help --version "tree --help" "summary $TRACES/overflow.mmg" "tree --json $TRACES/leak_tree.mmg" \
    "export --format=sarif $TRACES/overflow.mmg" "baseline $TRACES/leak_tree.mmg" "merge -o /dev/full $TRACES/clean.mmg"; do
    # shellcheck disable=SC2086
    mmreport $command >/dev/full
    echo "${command%% *}: $?"
done
