# SPDX-License-Identifier: MIT
mmreport function handle_request --source=1 "$TRACES/leak_tree.mmg"
mmreport function "^(copy|make)_" --limit=2 "$TRACES/leak_tree.mmg"
mmreport function "shop::Cache<...>::load" "$TRACES/leak_tree_cc.mmg" | head -n 3
mmreport function no_such "$TRACES/leak_tree.mmg"
echo "status $?"
mmreport function
echo "status $?"
mmreport function "*(" "$TRACES/leak_tree.mmg"
echo "status $?"
