# SPDX-License-Identifier: MIT
# Names that would take over a terminal: of files, of programs, of threads, of modules, of notes.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
cat >make.py <<'END'
import array, struct, sys
sys.path.insert(0, sys.argv[1])
import maketrace
evil = b"ev\x1b[31mil\r\n\x07\x9b\xe2\x80\xae"
trace = maketrace.Trace()
trace.process(1, b"/opt/" + evil, 1000)
trace.module(1, 1 << 32, b"/opt/" + evil, bytes([1] * 20))
trace.stacks(array.array("Q", [(1 << 32) + 64, 1 << 32]))
trace.record(4, struct.pack("<IIIIII16s", 1, 100, 1, 0, 0, 0, b"t\x1b]0;x\x07"))
trace.record(9, struct.pack("<IIII", 1, 0, 16, len(evil)) + evil)
trace.leak_check()
trace.leaks([(1, 1, 0, 2, 64)])
open(b"evil\x1b[1m.mmg", "wb").write(trace.end())
END
python3 make.py "$(dirname "$0")/.."
for command in summary tree "tree --group-by=thread" "tree --group-by=process" top "function ." "diff evil*.mmg" gate baseline "suppressions" \
    "export --format=github" "export --format=markdown" "export --format=junit" "export --format=sarif" "export --format=tap" "tree --json"; do
    # shellcheck disable=SC2086
    mmreport ${command%% *} $([[ $command == *" "* ]] && echo ${command#* }) evil*.mmg >out 2>&1
    # Everything below a space but the newline, the C1 controls in UTF-8 or alone, and the marks that turn text round.
    wrong=$(LC_ALL=C grep -cP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|(?<![\x80-\xff])[\x80-\x9f]|\xe2\x80[\xaa-\xae]' out)
    echo "$command: $wrong lines with control characters, name $(grep -qF "ev\\x1b[31mil" out || grep -qF "ev\\\\x1b[31mil" out && echo shown || echo not shown)"
done
mmreport tree evil*.mmg 2>&1 | sed -n 's/.*`- //p'
mmreport tree $'no\e[31msuch.mmg'
exit 0
