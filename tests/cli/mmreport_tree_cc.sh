# SPDX-License-Identifier: MIT
# Demangled and inlined frames; how the standard library is built decides the rest, so only names are looked for.
look() { # NAME...
    for name; do
        grep -qF "$name" tree && echo "$name"
    done
}
mmreport tree "$TRACES/leak_tree_cc.mmg" >tree
look main build_cache "shop::Cache<...>::load" "shop::Entry::Entry" "std::vector<...>" "std::map<...>::operator[]"
mmreport tree --full-names "$TRACES/leak_tree_cc.mmg" >tree
look "shop::Cache<int, shop::Entry>::load(int)" "shop::Entry::Entry(int)" "std::vector<double" "std::map<int, int"
