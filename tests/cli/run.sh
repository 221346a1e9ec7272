#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Golden tests of mmguard and mmreport as a user types them. NAME.sh runs in an empty folder with both in PATH; its standard
# output and standard error, filtered (see harness.sh), and its exit status are compared with NAME.stdout, NAME.stderr
# (missing: empty) and NAME.exit (missing: 0). Status 77 skips.
#
#     $SAMPLES   the programs of samples/, compiled
#     formats    prints the names of all export formats
#     $TRACES    traces of some of them, made once a run: leak_tree.mmg, leak_tree_cc.mmg, overflow.mmg, clean.mmg

. "$(dirname "$0")/../harness.sh"

export SAMPLES=$BUILD/tests/samples
export TRACES=$BUILD/tests/traces
export XDG_CACHE_HOME=$BUILD/tests/cache
export PATH=$BUILD:$PATH

export EXPORTS=$top/report/render/exports.def
formats() {
    sed -nE 's/^EXPORT_FORMAT\([A-Z_]+, "([^"]+)".*/\1/p' "$EXPORTS"
}
export -f formats

compile() { # SOURCE
    local name compiler
    name=$(basename "$1")
    compiler="$CC -std=gnu11"
    [[ $1 == *.cc ]] && compiler=$CXX
    [[ $SAMPLES/${name%.*} -nt $1 ]] && return 0
    # shellcheck disable=SC2086
    $compiler -O1 -g -pthread -w -fno-optimize-sibling-calls -o "$SAMPLES/${name%.*}.new" "$1" &&
        mv "$SAMPLES/${name%.*}.new" "$SAMPLES/${name%.*}"
}

make_traces() {
    local folder
    folder=$(mktemp -d) || return 1
    rm -rf "$TRACES"
    mkdir -p "$TRACES" || return 1
    for name in leak_tree leak_tree_cc overflow clean; do
        local program=$SAMPLES/$name
        [[ $name == clean ]] && program=/bin/true
        mmguard -q --error-exitcode=0 -o "$folder" "$program" >/dev/null 2>&1
        mv "$folder"/*.mmg "$TRACES/$name.mmg" 2>/dev/null || echo "no trace of $program could be made" >&2
    done
    rm -rf "$folder"
}

run_case() { # NAME
    local status failed=0
    {
        timeout -k 5 "${TIMEOUT:-600}" bash "$here/$1.sh" >"$HARNESS_WORK/../$$.out" 2>"$HARNESS_WORK/../$$.err"
        status=$?
    } 2>/dev/null
    mkdir -p "$HARNESS_WORK/.result"
    filter <"$HARNESS_WORK/../$$.out" >"$HARNESS_WORK/.result/stdout"
    filter <"$HARNESS_WORK/../$$.err" >"$HARNESS_WORK/.result/stderr"
    rm -f "$HARNESS_WORK/../$$.out" "$HARNESS_WORK/../$$.err"
    if ((status == 77)); then
        tail -n 1 "$HARNESS_WORK/.result/stderr"
        return 77
    fi
    if [[ -e $here/$1.exit ]]; then
        expect_exit "$status" "$here/$1.exit" || failed=1
    elif ((status != 0)); then
        echo "exit status $status, expected 0"
        failed=1
    fi
    expect_file "$HARNESS_WORK/.result/stdout" "$here/$1.stdout" || failed=1
    expect_file "$HARNESS_WORK/.result/stderr" "$here/$1.stderr" || failed=1
    return $failed
}

if [[ ${1:-} == --compile ]]; then
    compile "$2"
    exit
fi
if [[ ${1:-} == --case ]]; then
    harness cli "$@"
    exit
fi
mkdir -p "$SAMPLES" || exit 1
printf '%s\n' "$top"/samples/*.c "$top"/samples/*.cc | xargs -P "${JOBS:-$(nproc)}" -n 1 bash "$0" --compile
make_traces
(cd "$here" && ls -- *.sh) | grep -vx run.sh | sed 's/\.sh$//' | harness cli "$@"
