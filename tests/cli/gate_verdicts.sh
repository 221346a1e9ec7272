# SPDX-License-Identifier: MIT
# Every verdict of the gate: its text and its status. leak_tree leaks at five places.
gate() {
    echo "== $*"
    mmreport gate "$@"
    echo "status $?"
}
trace=$TRACES/leak_tree.mmg
gate "$TRACES/clean.mmg"
gate "$trace"
mmreport baseline -o known.txt "$trace"
gate --baseline=known.txt "$trace"
gate --baseline=known.txt "$TRACES/clean.mmg"
sed 's/ 20 10080 / 20 10079 /; / parse_header /d' known.txt >older.txt
gate --baseline=older.txt "$trace"
gate --baseline=older.txt --max-new=1 --max-grown=1 "$trace"
gate --baseline=known.txt --max-bytes=12000 --max=definite:4 --max=double-free:0 "$trace"
printf '# limits\nmax-new = 1\nmax-grown=1\nmax = definite:5\n' >policy
gate --baseline=older.txt --policy=policy "$trace" | tail -n 2
gate --baseline=older.txt --policy=policy --no-leaks "$trace"
# Any report is a baseline, and so is a trace.
mmreport gate --json "$trace" >gate.json
mmreport export --format=json -o export.json "$trace"
mmreport tree --json "$trace" >tree.json
for baseline in gate.json export.json tree.json "$trace"; do
    gate --baseline="$baseline" "$trace"
done
mmreport errors --json "$TRACES/overflow.mmg" >errors.json
gate --baseline=errors.json "$TRACES/overflow.mmg"
