# SPDX-License-Identifier: MIT
# Checked calls report what is wrong, and only that. Each of them stands in this sweep or in that of the calls to the kernel.
here=$(dirname "$0")
$CC -std=gnu11 -g -w -O0 -I"$here/../../include" -o sweep "$here/call_sweep.c" || exit 1
for guard in all fair; do
    MMGUARD_OPTIONS=leak_check=0:report=none:guard=$guard LD_PRELOAD=$BUILD/libguard.so ./sweep | sed "s/^/guard=$guard: /"
done
rm -f mmguard-*.mmg
# Each has a pointer to the real one with this name in the objects.
for source in "$here"/../../libguard/calls/*.c; do
    nm "$BUILD/obj/libguard/calls/$(basename "$source" .c).o"
done | sed -nE 's/.* name_([a-z_][a-z0-9_]*)$/\1/p' | sort -u >checked
[ -s checked ] || exit 0 # objects of a compiler that works when it links
grep -hoE '\<(CALL|KNOWN|RIGHT)\([a-z0-9_]+' "$here/call_sweep.c" "$here/kernel_sweep.c" | sed 's/.*(//' | sort -u |
    comm -23 checked - | sed 's/^/not swept: /'
