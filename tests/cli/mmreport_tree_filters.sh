# SPDX-License-Identifier: MIT
tree() {
    echo "== $*"
    mmreport tree "$@" "$TRACES/leak_tree.mmg"
}
tree --focus=load_body
tree --ignore="load_body|log_"
tree --hide="^(serve|handle_request)\$"
tree --show-from="handle_request"
tree --focus="no_such"
tree --sort=name --depth=3
tree --sort=blocks --invert --depth=1
tree --metric=live --no-fold --depth=1
tree --focus="("
echo "status $?"
