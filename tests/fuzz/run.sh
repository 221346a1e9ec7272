#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Fuzzes the loader of traces and the parsers of everything people write, under ASan and UBSan: run.sh [RUNS [TARGET...]] (default:
# 1000000 of each). With clang's libFuzzer if there is one, else with mutate.c. The corpus is tests/traces/ and tests/fuzz/corpus/;
# what libFuzzer adds to it stays in the folder BUILD/fuzz. The first crash ends a target, with the input in a file that is named.
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD:=$PWD/build}" "${CC:=cc}"
runs=${1:-1000000}
out=$BUILD/fuzz
mkdir -p "$out"
sources=(common/*.c libguard/base/*.c $(find report -name '*.c' ! -path report/cli/main.c))
flags=(-std=gnu11 -D_GNU_SOURCE -I. -Iinclude -Ilibguard -Ireport -Itests/fuzz -O1 -g -w -fno-sanitize-recover=undefined)
libraries=(-ldw -lelf -lisal -ljansson -lZydis -liberty -lz -ldl)
# A process of a million runs of the launcher, which leaves what it read to its end, would need gigabytes.
part=100000
status=0
shift
targets=("$@")
[ $# -gt 0 ] || targets=(load options launcher lists)

compile() { # FLAGS... : the sources once, for all targets
    printf '%s\n' "${sources[@]}" |
        OUT=$out xargs -P "$(nproc)" -I{} bash -c 'object=$OUT/obj/$(echo {} | tr / _).o; [ "$object" -nt {} ] || "$@" -c -o "$object" {}' _ "$@"
}

libfuzzer() { # TARGET
    local done=0 corpus=(tests/traces)
    [ -d "tests/fuzz/corpus/$1" ] && corpus=("tests/fuzz/corpus/$1")
    mkdir -p "$out/corpus_$1"
    clang "${flags[@]}" -fsanitize=fuzzer,address,undefined "-DFUZZ_TARGET=fuzz_$1" -o "$out/fuzz_$1" "tests/fuzz/fuzz_$1.c" tests/fuzz/entry.c \
        "$out"/obj/*.o "${libraries[@]}" || exit 2
    while [ $done -lt "$runs" ]; do
        ASAN_OPTIONS=detect_leaks=$3 "$out/fuzz_$1" -runs=$((runs - done < part ? runs - done : part)) -seed=$((1 + done)) -max_len="$2" -timeout=20 -rss_limit_mb=4000 \
            -detect_leaks="$3" -artifact_prefix="$out/" -close_fd_mask=3 "$out/corpus_$1" "${corpus[@]}" >"$out/$1.log" 2>&1 || return 1
        done=$((done + part))
    done
    echo "fuzz $1: $runs runs"
}

fuzz() { # TARGET
    local length=1024 leaks=1
    [ "$1" = load ] && length=16384
    [ "$1" = launcher ] && leaks=0
    if $with_libfuzzer; then
        libfuzzer "$1" $length $leaks
        return
    fi
    "$CC" "${flags[@]}" -fsanitize=address,undefined "-DFUZZ_TARGET=fuzz_$1" -o "$out/mutate_$1" "tests/fuzz/fuzz_$1.c" tests/fuzz/entry.c \
        tests/fuzz/mutate.c "$out"/obj/*.o "${libraries[@]}" || exit 2
    local corpus=(tests/traces/*)
    [ -d "tests/fuzz/corpus/$1" ] && corpus=("tests/fuzz/corpus/$1"/*)
    ASAN_OPTIONS=detect_leaks=$leaks FUZZ_RUNS=$runs "$out/mutate_$1" "${corpus[@]}" 2>"$out/$1.log"
}

mkdir -p "$out/obj"
with_libfuzzer=false
if echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return 0; }' |
    clang -fsanitize=fuzzer -x c - -o "$out/probe" 2>/dev/null; then
    with_libfuzzer=true
    compile clang "${flags[@]}" -fsanitize=fuzzer-no-link,address,undefined || exit 2
else
    echo "fuzz: there is no clang with libFuzzer (Debian: clang and libclang-rt-dev); the inputs are changed at random by tests/fuzz/mutate.c"
    compile "$CC" "${flags[@]}" -fsanitize=address,undefined || exit 2
fi
for target in "${targets[@]}"; do
    if fuzz "$target"; then
        echo "fuzz $target: no finding"
    else
        status=1
        grep -E '^(==[0-9]+==|SUMMARY|Test unit)' "$out/$target.log" || tail -n 20 "$out/$target.log"
        echo "fuzz $target: failed"
    fi
done
exit $status
