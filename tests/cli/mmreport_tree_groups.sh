# SPDX-License-Identifier: MIT
for group in function line file module thread process; do
    echo "== $group"
    mmreport tree --group-by=$group --min=5 "$TRACES/leak_tree.mmg"
done
mmreport tree --group-by=colour "$TRACES/leak_tree.mmg"
echo "status $?"
