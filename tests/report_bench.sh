#!/bin/bash
# SPDX-License-Identifier: MIT
#
# CPU seconds and memory of mmreport on large input: a million leaked blocks over 100,000 distinct stacks of 30 frames, and 1,000
# traces of one program. Fails if the first takes more than a second or 400 MB: for this the machine should be idle.
cd "$(dirname "$0")/.." || exit 2
: "${BUILD:=$PWD/build}"
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT

measure() { # TITLE COMMAND...
    python3 - "$@" <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = used.ru_utime + used.ru_stime
print(f"{sys.argv[1]}: {seconds:.2f} s CPU, {used.ru_maxrss / 1024:.0f} MB")
sys.exit(seconds > 1 or used.ru_maxrss > 400 * 1024)
END
}

python3 tests/maketrace.py leaks "$folder/big.mmg" --stacks 100000 --depth 30 --blocks 1000000 || exit 2
measure "tree of a million blocks" "$BUILD/mmreport" tree --json --no-symbols "$folder/big.mmg"
status=$?
mkdir "$folder/fleet"
seq 1000 | xargs -P "$(nproc)" -I{} python3 tests/maketrace.py leaks "$folder/fleet/{}.mmg" --stacks 300 --blocks 3000 --seed 7 --pid {}
measure "tree of 1,000 traces" "$BUILD/mmreport" tree --json --no-symbols "$folder/fleet"
measure "merge of 1,000 traces" "$BUILD/mmreport" merge -o "$folder/fleet.mmg" "$folder/fleet"
measure "tree of the merged trace" "$BUILD/mmreport" tree --json --no-symbols "$folder/fleet.mmg"
exit $status
