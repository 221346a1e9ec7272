# SPDX-License-Identifier: MIT
# What is not known for certain is never passed.
gate() {
    echo "== $1"
    shift
    mmreport gate "$@" 2>&1
    echo "status $?"
}
trace=$TRACES/clean.mmg
mkdir empty
gate "no trace" empty
gate "no file" missing.mmg
head -c -16 "$trace" >cut.mmg
gate "cut off" cut.mmg
gate "cut off among others" "$trace" cut.mmg | grep -v "^mmreport: "
mmguard -q -o . --leak-check=0 true
gate "no search for leaks" mmguard-true-*.mmg
gate "no search for leaks, and none wanted" --no-leaks mmguard-true-*.mmg
python3 - "$trace" <<'END'
import sys
data = open(sys.argv[1], "rb").read()
for backend in (b"move", b"guard", b"mprotect"):
    data = data.replace(backend, b"none".ljust(len(backend), b"\0"))
open("unguarded.mmg", "wb").write(data)
END
gate "unguarded" unguarded.mmg
mmreport baseline -o none.txt cut.mmg 2>&1 | tail -n 1
[[ -e none.txt ]] || echo no baseline
mmguard -q --gate=/dev/null true
echo "status $?"
