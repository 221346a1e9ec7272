# SPDX-License-Identifier: MIT
# The sample run with and without an argument leaks different amounts at the same places.
mmreport diff "$TRACES/leak_tree.mmg" "$TRACES/leak_tree.mmg"
mmreport diff --limit=2 --depth=2 "$TRACES/clean.mmg" "$TRACES/leak_tree.mmg"
mmreport diff "$TRACES/leak_tree.mmg" "$TRACES/clean.mmg"
mmreport diff --invert --sort=blocks --min=20 "$TRACES/leak_tree.mmg" "$TRACES/leak_tree_cc.mmg" | grep -v "std::"
mmreport diff "$TRACES/leak_tree.mmg"
echo "status $?"
