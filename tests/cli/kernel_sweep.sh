# SPDX-License-Identifier: MIT
# Calls with pointers that lead nowhere, and to a page that cannot be written, answer as without libguard.
here=$(dirname "$0")
$CC -g -w -O0 -o sweep "$here/kernel_sweep.c" || exit 1
./sweep >bare
MMGUARD_OPTIONS=leak_check=0:report=none LD_PRELOAD=$BUILD/libguard.so ./sweep >guarded
diff bare guarded
grep -c 'errno 14' bare | awk '{ print ($1 > 150 ? "many" : "few") }'
# Every call of the table is in it.
for name in $(sed -nE 's/^KERNEL_CALL\([a-z_]+, ([a-z0-9_]+),.*/\1/p' "$here/../../libguard/calls/kernel_calls.def"); do
    grep -q "CALL($name(" "$here/kernel_sweep.c" || echo "not swept: $name"
done
