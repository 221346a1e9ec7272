# SPDX-License-Identifier: MIT
# Compressed units of more than a megabyte are read in pieces: the report is that of the uncompressed program, also for a unit larger than a piece
# and for those beside it. A wrong checksum, which is known after all pieces were read, costs all names of lines.
for tool in objcopy python3; do command -v $tool >/dev/null || { echo "no $tool" >&2; exit 77; }; done
unit() { # NAME MEMBERS: a unit whose structure has so many members, with functions that lose memory
    python3 - "$@" <<'END' >"$1.c"
import sys
name, members = sys.argv[1], int(sys.argv[2])
print("#include <stdlib.h>\nstruct %s {" % name, *("int %s_%d;" % (name, i) for i in range(members)), "} *volatile %s_last;" % name)
print("static inline void *%s_get(size_t size) { return malloc(size); }" % name)
print("__attribute__((noinline)) void %s_lose(void) { %s_last = %s_get(100); %s_last = 0; }" % (name, name, name, name))
END
}
units=(first:20 large:130000 middle:70000 next:60000 last:30)
for unit in "${units[@]}"; do unit "${unit%:*}" "${unit#*:}"; done
python3 - "${units[@]}" >main.c <<'END'
import sys
names = [unit.split(":")[0] for unit in sys.argv[1:]]
print(*("void %s_lose(void);" % name for name in names), "int main(void) {", *("%s_lose();" % name for name in names), "return 0; }")
END
gcc -O2 -g -w -o program main.c first.c large.c middle.c next.c last.c || exit 1
mkdir traces
mmguard -q --error-exitcode=0 -o traces ./program >/dev/null 2>&1
report() { mmreport tree --json --no-cache traces 2>message; sed 's/^mmreport: [^:]*program: //' message >&2; }
report >plain
cp program uncompressed
objcopy --compress-debug-sections=zlib-gabi uncompressed program
report >pieces
cp program packed
cmp plain pieces && echo "the same report, with $(grep -o '"function":"[a-z]*_lose"' pieces | sort -u | wc -l) functions of $(grep -o '"file":"[^"]*"' pieces | sort -u | wc -l) files"
readelf -S uncompressed | grep -A1 debug_info | tail -n 1 | python3 -c 'print("more than three megabytes:", int(input().split()[0], 16) > 3e6)'
python3 - <<'END'
import struct
data = bytearray(open("program", "rb").read())
start, = struct.unpack_from("<Q", data, 40)
count, names = struct.unpack_from("<HH", data, 60)
heads = [struct.unpack_from("<IIQQQQ", data, start + 64 * i) for i in range(count)]
for head in heads:
    if data[heads[names][4] + head[0]:].split(b"\0", 1)[0] == b".debug_info":
        data[head[4] + head[5] - 1] ^= 1
open("program", "wb").write(data)
END
report 2>&1 >damaged | sort -u
echo "files in the report: $(grep -o '"file":"[^"]*"' damaged | sort -u | wc -l), functions: $(grep -o '"function":"[a-z]*_lose"' damaged | sort -u | wc -l)"
python3 "$(dirname "$0")/../mutated_elf.py" packed 60 2>/dev/null
