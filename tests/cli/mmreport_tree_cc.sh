# SPDX-License-Identifier: MIT
# Demangled and inlined frames; how the standard library is built decides the rest, so only names are looked for.
mmreport tree "$TRACES/leak_tree_cc.mmg" >tree
for name in main build_cache "shop::Cache<int, shop::Entry>::load" "shop::Entry::Entry" "std::vector<double" "std::map<int, int"; do
    grep -qF "$name" tree && echo "$name"
done
