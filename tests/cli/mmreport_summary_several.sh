# SPDX-License-Identifier: MIT
# Of several processes those that were clean are a line each.
mmreport merge -o two.mmg "$TRACES/clean.mmg" "$TRACES/leak_tree.mmg"
mmreport summary "$TRACES/clean.mmg" two.mmg | sed -E 's/[0-9,]+ (allocations?|frees|bytes)/N \1/g; s/(own memory|backend).*/\1/'
