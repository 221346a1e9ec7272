#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Fuzzes the loader of traces and the parsers of options under ASan and UBSan: run.sh [RUNS [TARGET...]] (default: 1000000 of
# each, load and options). With clang's libFuzzer if there is one, else with mutate.c. The corpus is tests/traces/; what libFuzzer adds to it stays in
# the folder BUILD/fuzz. The first crash ends it, with the input in a file that is named.
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD:=$PWD/build}"
runs=${1:-1000000}
out=$BUILD/fuzz
mkdir -p "$out"
sources=(libguard/base/*.c $(find report -name '*.c' ! -path report/cli/main.c))
flags=(-std=gnu11 -D_GNU_SOURCE -Iinclude -Ilibguard -Ireport -O1 -g -w -fno-sanitize-recover=undefined)
libraries=(-ldw -lelf -ljansson -lZydis -liberty -lz)
status=0
shift
targets=("$@")
[ $# -gt 0 ] || targets=(load options)
for target in "${targets[@]}"; do
    if echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return 0; }' |
        clang -fsanitize=fuzzer -x c - -o "$out/probe" 2>/dev/null; then
        clang "${flags[@]}" -fsanitize=fuzzer,address,undefined -o "$out/fuzz_$target" "tests/fuzz/fuzz_$target.c" "${sources[@]}" "${libraries[@]}" || exit 2
        mkdir -p "$out/corpus_$target"
        "$out/fuzz_$target" -runs="$runs" -max_len=16384 -timeout=20 -artifact_prefix="$out/" -close_fd_mask=3 -print_final_stats=0 \
            "$out/corpus_$target" tests/traces >"$out/$target.log" 2>&1 || status=1
        grep -E '^(Done|==[0-9]+==|SUMMARY|Test unit)' "$out/$target.log" || tail -n 3 "$out/$target.log"
    else
        cc "${flags[@]}" -fsanitize=address,undefined -o "$out/mutate_$target" "tests/fuzz/fuzz_$target.c" tests/fuzz/mutate.c "${sources[@]}" "${libraries[@]}" || exit 2
        FUZZ_RUNS=$runs "$out/mutate_$target" tests/traces/* 2>"$out/$target.log" || { status=1; tail -n 20 "$out/$target.log"; }
    fi
    echo "fuzz $target: $( ((status)) && echo failed || echo "no finding")"
done
exit $status
