# SPDX-License-Identifier: MIT
# What filters, names and colours do to lists and errors.
run() {
    echo "== $*"
    mmreport "$@" | sed -E 's/ +[0-9.]+s +[0-9.]+s  /  /' | cat -v
}
one=$TRACES/leak_tree.mmg two=$TRACES/leak_tree_cc.mmg
run top --kind=reachable --no-builtin-suppressions --group-by=module --focus=main "$one"
run top --focus=serve --group-by=function "$one"
run top --ignore=copy_text "$one"
run top --hide=copy_text --group-by=function "$one"
run top --show-from=serve --group-by=function "$one"
run top --full-names --limit=2 "$two"
run top --color=always --limit=1 "$one"
run function serve --focus=load_body "$one"
run function serve --ignore=load_body --sort=blocks "$one"
run function serve --hide=handle_request "$one"
run function serve --show-from=handle_request "$one"
run function serve --group-by=line --color=always "$one"
run function 'shop::Entry' --full-names "$two" | head -n 9
run function serve --kind=reachable "$one"
run diff --focus=serve --group-by=file "$TRACES/clean.mmg" "$one"
run diff --hide=serve --no-fold --depth=2 --color=always --limit=1 "$TRACES/clean.mmg" "$one"
run diff --full-names --limit=1 --show-from=build_cache "$TRACES/clean.mmg" "$two" | head -n 10
run errors --full-names --no-symbols "$TRACES/overflow.mmg"
run errors --color=always "$TRACES/overflow.mmg"
run tree --color=always --depth=2 "$one"
run gate --max-count=52 --max-new=9 "$one" | tail -n 2
run gate --color=always "$one" | head -n 4
run summary --color=always "$TRACES/overflow.mmg" | head -n 2
