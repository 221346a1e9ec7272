# SPDX-License-Identifier: MIT
# A program with threads, with addresses that change, run fifty times: the same leaks at the same places each time.
"$SAMPLES/leak_thread" >/dev/null
for run in {1..50}; do
    mkdir $run
    MMGUARD_OPTIONS=dir=$run:report=none:keep=1 LD_PRELOAD=${SAMPLES%/tests/*}/libguard.so "$SAMPLES/leak_thread" >/dev/null
    mmreport tree --json --kind=definite,indirect,possible $run | sed -E '/"(file|pid|directory|address|start_time|end_time)":/d' | md5sum
done | sort | uniq -c | awk '{ print $1 }'
