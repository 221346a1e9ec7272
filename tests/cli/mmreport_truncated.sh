# SPDX-License-Identifier: MIT
# A trace cut anywhere is told to be incomplete, never taken for clean, and never a crash.
size=$(stat -c %s "$TRACES/leak_tree.mmg")
for share in 1 20 50 80 99; do
    head -c $((size * share / 100)) "$TRACES/leak_tree.mmg" >cut.mmg
    mmreport summary cut.mmg >/dev/null 2>message
    echo "$share: status $?$(grep -q "cut.mmg: " message && echo ", told")"
done
