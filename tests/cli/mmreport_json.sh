# SPDX-License-Identifier: MIT
# Everything --json writes fits the schema, and says the same as the text where both say it.
tests=$(dirname "$0")/..
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
python3 "$tests/maketrace.py" leaks made.mmg --stacks 60 --depth 40 --blocks 600
traces=("$TRACES"/*.mmg made.mmg)
echo 'leak:serve' >list
i=0
for command in summary errors "errors --all-frames" tree "tree --kind=all --invert" "tree --min=20" "tree --depth=2 --sort=blocks" \
    "tree --group-by=line" "tree --group-by=file" "tree --group-by=module" "tree --group-by=thread" "tree --group-by=process" \
    "tree --no-fold --no-symbols" "tree --focus=serve" top "top --limit=2 --group-by=module" "function main" \
    "errors --source=1" "tree --source=2" "function main --source=1" \
    "diff --kind=all --min=10" gate "gate --kind=all --own" "summary --suppressions=list"; do
    i=$((i + 1))
    files=("${traces[@]}")
    [[ $command == diff* ]] && files=("$TRACES/leak_tree.mmg" "$TRACES/leak_tree_cc.mmg")
    [[ $command == function* || $command == tree* || $command == top* ]] && files=("$TRACES/leak_tree.mmg" "$TRACES/leak_tree_cc.mmg" made.mmg)
    # shellcheck disable=SC2086
    mmreport ${command%% *} --json ${command#"${command%% *}"} "${files[@]}" >$i.json 2>/dev/null
    status=$?
    python3 "$tests/json_schema.py" "$tests/../man/mmreport.schema.json" $i.json && echo "$command: status $status"
done
mmreport export --format=json -o export.json "$TRACES/leak_tree.mmg" "$TRACES/overflow.mmg"
python3 "$tests/json_schema.py" "$tests/../man/mmreport.schema.json" export.json && echo "export: fits"
cc -g -pthread -w -o thread_error "$tests/preload/thread_error.c"
mkdir threads
mmguard -q --error-exitcode=0 -o threads ./thread_error >/dev/null 2>&1
mmreport errors --json threads >threads.json
python3 "$tests/json_schema.py" "$tests/../man/mmreport.schema.json" threads.json && echo "created: $(grep -c '"created"' threads.json)"
mmreport errors --json "$TRACES/overflow.mmg" | grep -o '"suppression": *"[^"]*"'
mmreport tree --json "$TRACES/leak_tree.mmg" | grep -c '"other_lines":true'
mmreport function serve --json --source=1 "$TRACES/leak_tree.mmg" | grep -o '"lines":.*'
