# SPDX-License-Identifier: MIT
# Traces of two programs in one tree.
mmreport tree "$TRACES/leak_tree.mmg" "$TRACES/leak_tree_cc.mmg" >tree
grep -cE "build_cache|handle_request" tree
