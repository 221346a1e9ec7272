# SPDX-License-Identifier: MIT
# An option that a command does not have is answered with the one that was meant: by its spelling, or as mmguard or Valgrind calls it.
for option in --leak-kinds=all --show-leak-kinds=all --leak_kinds=all --jsno --json=yes --xyzzy -x; do
    mmreport tree "$option" "$TRACES/leak_tree.mmg" 2>&1
    echo "status $?"
done
mmreport gate --gate=known.txt "$TRACES/leak_tree.mmg" 2>&1
mmreport errors --leak-kinds=all "$TRACES/leak_tree.mmg" 2>&1
