# SPDX-License-Identifier: MIT
# Compressed debug sections: names are the same; a section that claims a size it cannot have, and one that is damaged, cost names and
# are told of.
for tool in objcopy python3; do command -v $tool >/dev/null || { echo "no $tool" >&2; exit 77; }; done
mkdir traces
objcopy --compress-debug-sections=zlib-gabi "$SAMPLES/leak_tree" program
mmguard -q --error-exitcode=0 -o traces ./program >/dev/null 2>&1
mmreport tree --no-cache traces | grep -c "serve at .*leak_tree.c:"
change() { # PYTHON EXPRESSION: what becomes of the bytes of .debug_info, its compression header included
    cp program.whole program
    python3 - "$1" <<'END'
import struct, sys
data = bytearray(open("program", "rb").read())
start, = struct.unpack_from("<Q", data, 40)
count, names = struct.unpack_from("<HH", data, 60)
heads = [struct.unpack_from("<IIQQQQ", data, start + 64 * i) for i in range(count)]
for head in heads:
    name = data[heads[names][4] + head[0]:].split(b"\0", 1)[0]
    if name == b".debug_info":
        section = data[head[4]:head[4] + head[5]]
        exec(sys.argv[1])
        data[head[4]:head[4] + head[5]] = section
open("program", "wb").write(data)
END
    mmreport tree --no-cache traces 2>&1 >tree | sed 's/^mmreport: [^:]*program: //'
   grep -c "serve at .*leak_tree.c:" tree
}
cp program program.whole
change 'section[8:16] = struct.pack("<Q", 100 << 30)'
change 'section[8:16] = struct.pack("<Q", 1)'
change 'section[40] ^= 0x55'
change 'section[0:4] = struct.pack("<I", 77)'
exit 0
