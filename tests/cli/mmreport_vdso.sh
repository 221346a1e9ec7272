# SPDX-License-Identifier: MIT
# The vdso's functions have names if the trace is of the running kernel's, by build-id.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
cat >make.py <<'END'
import array, struct, sys
sys.path.insert(0, sys.argv[1])
import maketrace
line = next((l for l in open("/proc/self/maps") if "[vdso]" in l), None)
if line is None:
    sys.exit(77)
start, end = (int(x, 16) for x in line.split()[0].split("-"))
with open("/proc/self/mem", "rb") as memory:
    memory.seek(start)
    image = memory.read(end - start)
# Section headers: the symbols and their names; notes: the build-id.
offset, size, count = struct.unpack_from("<Q", image, 40)[0], *struct.unpack_from("<HH", image, 58)
sections = [struct.unpack_from("<IIQQQQIIQQ", image, offset + i * size) for i in range(count)]
symbols = next(s for s in sections if s[1] == 11)
strings = sections[symbols[6]]
build_id = b""
for note in (s for s in sections if s[1] == 7):
    at = note[4]
    while at < note[4] + note[5]:
        name, length, kind = struct.unpack_from("<III", image, at)
        begin = at + 12 + (name + 3 & ~3)
        if kind == 3 and image[at + 12:at + 16] == b"GNU\0":
            build_id = image[begin:begin + length]
        at = begin + (length + 3 & ~3)
for at in range(symbols[4], symbols[4] + symbols[5], 24):
    name, info, _, _, value, length = struct.unpack_from("<IBBHQQ", image, at)
    text = image[strings[4] + name:].split(b"\0")[0]
    if text == b"__vdso_clock_gettime":
        break
for file, digits in (("same.mmg", build_id), ("other.mmg", bytes(len(build_id)))):
    trace = maketrace.Trace()
    trace.process(1, b"/opt/vm", 1000)
    head = struct.pack("<IIQQQQQQQ", 1, 2, start, start, end, 0, 0, 0, 0)
    path = b"linux-vdso.so.1"
    trace.record(2, head + struct.pack("<IIII", 80, len(path), 80 + len(path), len(digits)) + path + digits)
    trace.stacks(array.array("Q", [start + value + 2, 1 << 32]))
    trace.thread(1)
    trace.leak_check()
    trace.leaks([(1, 1, 0, 2, 64)])
    open(file, "wb").write(trace.end())
END
python3 make.py "$(dirname "$0")/.." || exit $?
for file in same other; do
    mmreport tree $file.mmg | tail -n 1 | sed 's/__vdso_clock/clock/'
done
