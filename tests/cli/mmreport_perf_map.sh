# SPDX-License-Identifier: MIT
# Code made at run time has the name that its compiler wrote down for profilers.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
cat >jit.py <<'END'
import struct, sys
sys.path.insert(0, sys.argv[1])
import array, maketrace
pid = int(sys.argv[2])
trace = maketrace.Trace()
trace.process(pid, b"/opt/vm", 1000)
trace.module(1, 1 << 32, b"/opt/vm", bytes([1] * 20))
frames = array.array("Q", [(1 << 32) + 64, 1 << 32, 0x7000, 1, 0x7110, 2])
trace.stacks(frames)
trace.thread(1)
trace.leak_check()
trace.leaks([(3, 1, 0, 2, 64)])
open("jit.mmg", "wb").write(trace.end())
END
map=/tmp/perf-$$.map
trap 'rm -f "$map"' EXIT
python3 jit.py "$(dirname "$0")/.." $$
printf '6f00 200 LazyCompile:run /opt/app.js:7\nbad line\n7100 20 Stub\033[31m\n' >"$map"
mmreport tree --no-fold jit.mmg 2>/dev/null | tail -n 3
rm -f "$map"
mmreport tree --no-fold jit.mmg 2>/dev/null | tail -n 3
