# SPDX-License-Identifier: MIT
# What cannot be read hides nothing of what can; the status says that something is missing.
mkdir folder
cp "$TRACES/leak_tree.mmg" folder/b.mmg
: >folder/a.mmg
mkfifo folder/c.mmg
ln -s d.mmg folder/d.mmg
# The last leak is of no kind: all of the file that was read before it must be forgotten again.
python3 - "$TRACES/leak_tree.mmg" folder/e.mmg <<'END'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
at, = struct.unpack_from("<I", data, 12)
LEAKS = 7
while struct.unpack_from("<I", data, at)[0] != LEAKS:
    at += 16 + (struct.unpack_from("<Q", data, at + 8)[0] + 7) // 8 * 8
length, = struct.unpack_from("<Q", data, at + 8)
for word in range(at + 16 + length - 56, at + 16 + length - 3, 4): # the last of them
    struct.pack_into("<I", data, word, 0x7fffffff)
open(sys.argv[2], "wb").write(data)
END
show() {
    echo "== $*"
    "$@" 2>&1
    echo "status $?"
}
show mmreport summary folder missing.mmg | grep -v "own memory"
show mmreport gate --baseline=folder folder | grep -v "^ "
show mmreport merge -o all.mmg folder
show mmreport gate all.mmg | grep -v "^ "
show mmreport tree folder/a.mmg missing.mmg
