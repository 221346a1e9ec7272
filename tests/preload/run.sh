#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Runs every program of this folder under LD_PRELOAD=libguard.so, once for each backend, and compares its exit status, its
# standard error (filtered) and, where there is a NAME.stdout, its standard output.
#
#     NAME.c, NAME.cc   one misuse, or one thing that must go unnoticed; plugin_*.c are loaded by others
#     NAME.exit         the exit status
#     NAME.stderr       what is reported, after `filter` in harness.sh; missing: nothing
#     NAME.BACKEND.exit, NAME.BACKEND.stderr, NAME.BACKEND.stdout   the same where backends differ
#
# The last of the backends, `compact`, is the compact heap: no block of up to 32 KiB has guard pages.
#
# A program's first lines may say `// options: KEY=VALUE:...` (added to MMGUARD_OPTIONS), `// flags: ...` (added when
# compiling), `// compact: no, REASON` (what it is about does not exist there) and `// compiler: gcc, REASON`.

. "$(dirname "$0")/../harness.sh"

BACKENDS=${BACKENDS:-move guard mprotect compact}
programs=$BUILD/tests/preload
export PLUGINS=$programs

directive() { # NAME-OF-DIRECTIVE FILE
    sed -n "1,6s@^// $1: *@@p" "$2"
}

compile() { # SOURCE
    local source=$1 name compiler output flags
    name=$(basename "$source")
    output=$programs/${name%.*}
    compiler="$CC -std=gnu11"
    [[ $source == *.cc ]] && compiler="$CXX -std=c++17"
    flags=$(directive flags "$source")
    if [[ $name == plugin_* ]]; then
        output=$output.so
        flags="$flags -shared -fPIC"
    fi
    local newest=$source header
    for header in "$here"/*.h "$here"/every_kind_*.c* "$here/run.sh"; do
        [[ $header -nt $newest ]] && newest=$header
    done
    [[ $output -nt $newest ]] && return 0
    # No builtins: each call must happen as it is written. Optimization would make stacks differ between compilers.
    # shellcheck disable=SC2086
    $compiler -O0 -g -fno-builtin -w -I"$here" -I"$top/include" -o "$output.new" "$source" $flags -ldl &&
        mv "$output.new" "$output"
}

run_case() { # NAME BACKEND
    local source=$here/$1.c options status=0 failed=0 expected
    [[ -e $source ]] || source=$here/$1.cc
    [[ -x $programs/$1 ]] || {
        echo "not compiled"
        return 1
    }
    if [[ $(directive compiler "$source") == gcc,* ]] && ! $CC --version | grep -q 'Free Software Foundation'; then
        directive compiler "$source"
        return 77
    fi
    options=backend=$2
    [[ $2 == compact ]] && options=backend=move:guard=1000000
    [[ $(directive options "$source") ]] && options+=:$(directive options "$source")
    {
        # The same variables everywhere: copies of the environment are blocks of the program's.
        timeout -k 5 "${TIMEOUT:-600}" env -i PATH="$PATH" HOME="${HOME:-/}" LC_ALL=C NO_COLOR=1 CC="$CC" \
            PLUGINS="$PLUGINS" LD_PRELOAD="$BUILD/libguard.so" MMGUARD_OPTIONS="$options" "$programs/$1" >"$HARNESS_WORK/stdout" 2>"$HARNESS_WORK/stderr.raw"
        status=$?
    } 2>/dev/null
    filter <"$HARNESS_WORK/stderr.raw" >"$HARNESS_WORK/stderr"

    expected=$here/$1.exit
    [[ -e $here/$1.$2.exit ]] && expected=$here/$1.$2.exit
    expect_exit "$status" "$expected" || failed=1
    expected=$here/$1.stderr
    if [[ ${REGENERATE:-} ]]; then
        # A backend gets a file of its own only where it differs from the first one.
        if [[ $2 != "${BACKENDS%% *}" ]]; then
            rm -f "$here/$1.$2.stderr"
            cmp -s "$HARNESS_WORK/stderr" "$expected" ||
                [[ ! -e $expected && ! -s $HARNESS_WORK/stderr ]] || expected=$here/$1.$2.stderr
        fi
    elif [[ -e $here/$1.$2.stderr ]]; then
        expected=$here/$1.$2.stderr
    fi
    expect_file "$HARNESS_WORK/stderr" "$expected" || failed=1
    [[ ${REGENERATE:-} && $expected == "$here/$1.$2.stderr" && ! -e $expected ]] && : >"$expected"
    expected=$here/$1.stdout
    [[ -e $here/$1.$2.stdout && ! ${REGENERATE:-} ]] && expected=$here/$1.$2.stdout
    if [[ -e $expected ]]; then
        expect_file "$HARNESS_WORK/stdout" "$expected" || failed=1
    fi
    return $failed
}

sources() {
    (cd "$here" && ls -- *.c *.cc) | sort
}

if [[ ${1:-} == --compile ]]; then
    compile "$2"
    exit
fi
if [[ ${1:-} == --case ]]; then
    harness preload "$@"
    exit
fi
mkdir -p "$programs" || exit 1
sources | sed "s@^@$here/@" | xargs -r -P "${JOBS:-$(nproc)}" -n 1 bash "$0" --compile

not_compact() {
    (cd "$here" && grep -l '^// compact: no, ' -- *.c *.cc)
}

programs_for() { # BACKEND...
    local backend
    for backend; do
        sources | grep -v '^plugin_' |
            { [[ $backend == compact ]] && grep -vxFf <(not_compact) || cat; } | sed "s@\.[a-z]*\$@ $backend@"
    done
}

if [[ ! ${REGENERATE:-} ]]; then
    # shellcheck disable=SC2086
    programs_for $BACKENDS | harness preload "$@"
    exit
fi
# Backend by backend, so that each is compared with the first one's new expectations.
status=0
for backend in $BACKENDS; do
    programs_for "$backend" | harness preload "$@" || status=1
done
exit $status
