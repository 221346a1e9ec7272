# SPDX-License-Identifier: MIT
# What call stacks allocated in all, in number, at their peaks and for a moment; sums add up at each level.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
cat >make.py <<'END'
import array, struct, sys
sys.path.insert(0, sys.argv[1])
import maketrace
SECOND = 10**9
def make(name, pid, rows, size=72, leaks=()):
    trace = maketrace.Trace()
    trace.process(pid, b"/opt/vm", 1000 * SECOND)
    trace.module(1, 1 << 32, b"/opt/vm", bytes([1] * 20))
    # main > load > read, main > load, main > draw
    trace.stacks(array.array("Q", [(1 << 32) + 64, 1 << 32, (1 << 32) + 128, 1 | 1 << 32, (1 << 32) + 192, 2 | 1 << 32, (1 << 32) + 256, 1 | 1 << 32]))
    trace.thread(1)
    trace.leak_check()
    if rows is not None:
        trace.sites(rows, size)
    if leaks:
        trace.leaks(leaks)
    open(name, "wb").write(trace.end())
at = lambda seconds: int((1000 + seconds) * SECOND)
rows = [(3, 1000, 64000, 998, 63872, 4096, 900, at(0.5), at(3725)), (2, 4, 400000, 4, 400000, 100000, 0, at(12.34), at(100)),
        (4, 20, 2000, 0, 0, 2000, 0, at(-1), at(200000))]
make("a.mmg", 1, rows, leaks=[(3, 1, 0, 2, 128), (4, 1, 3, 20, 2000)])
make("b.mmg", 2, [(4, 30, 90000, 0, 0, 3000, 7, at(1), at(2))])
make("short.mmg", 3, [row[:7] + (0, 0) for row in rows], size=56)
make("later.mmg", 3, rows, size=96)
make("none.mmg", 4, None)
make("empty.mmg", 5, [])
make("wrong.mmg", 6, rows, size=40)
END
python3 make.py "$(dirname "$0")/.."
run() {
    echo "== $*"
    mmreport "$@" --no-symbols
    status=$?
    ((status == 0)) || echo "status $status"
}
for metric in peak total allocations temporary live; do
    run tree --metric=$metric --no-fold a.mmg
done
for metric in peak total allocations temporary leaked; do
    run top --metric=$metric a.mmg b.mmg
done
mmreport function parse_header --metric=total "$TRACES/leak_tree.mmg"
run tree --metric=total --group-by=process a.mmg b.mmg
run tree --metric=temporary --invert --min=30 a.mmg
run diff --metric=allocations a.mmg b.mmg
run top --metric=total short.mmg
run top --metric=total later.mmg
run tree --metric=total none.mmg
run tree --metric=total a.mmg none.mmg
run tree --metric=total empty.mmg
run tree --metric=peak wrong.mmg
run tree --metric=total --kind=all a.mmg
run tree --metric=total --group-by=thread a.mmg
run tree --metric=size a.mmg
mmreport merge -o merged.mmg a.mmg b.mmg
mmreport tree --no-symbols --metric=total merged.mmg >merged
mmreport tree --no-symbols --metric=total b.mmg a.mmg | cmp - merged && echo "merged: the same"
for command in "tree --metric=peak" "top --metric=temporary" "diff --metric=total"; do
    # shellcheck disable=SC2086
    mmreport $command --json --no-symbols a.mmg b.mmg >out.json
    python3 "$(dirname "$0")/../json_schema.py" "$(dirname "$0")/../../man/mmreport.schema.json" out.json && echo "$command: fits"
done
mmreport function serve --json --ignore=printf --metric=allocations "$TRACES/leak_tree.mmg" >out.json
python3 "$(dirname "$0")/../json_schema.py" "$(dirname "$0")/../../man/mmreport.schema.json" out.json && echo "function: fits"
mmreport top --metric=total --json --no-symbols --limit=1 a.mmg b.mmg
# A real program: what it allocates in all is more than what it leaks.
mmreport tree --metric=allocations --focus=main --ignore='printf|_IO_' "$TRACES/leak_tree.mmg"
