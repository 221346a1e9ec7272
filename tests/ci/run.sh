#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The recipes of README.md for build systems and CI services, run as written there against a small project with a clean test, one
# that leaks and one that overruns a block. BUILD is the build folder. Ends with `suite recipes: N passed, N failed[, N skipped]`.

here=$(cd "$(dirname "$0")" && pwd) || exit 2
BUILD=$(cd "${BUILD:-$here/../../build}" && pwd) || exit 2
export PATH=$BUILD:$PATH LC_ALL=C NO_COLOR=1
unset MMGUARD_OPTIONS LD_PRELOAD LSAN_OPTIONS GITHUB_WORKSPACE CI_PROJECT_DIR
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

need() { # PROGRAM...
    local program
    for program; do
        command -v "$program" >/dev/null || { echo "no $program"; return 77; }
    done
}

expect() { # WHAT PATTERN FILE
    grep -qE -- "$2" "$3" && return 0
    echo "$1: no '$2' in:"
    sed 's/^/    /' "$3" | tail -n 40
    return 1
}

expect_status() { # WHAT EXPECTED ACTUAL FILE
    [[ $2 == "$3" ]] && return 0
    echo "$1: status $3, expected $2"
    sed 's/^/    /' "$4" | tail -n 40
    return 1
}

# ctest -T MemCheck: our defects are counted by CTest, test by test.
ctest_memcheck() {
    need cmake ctest || return
    cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug -DMEMORYCHECK_COMMAND="$BUILD/mmguard" -DMEMORYCHECK_TYPE=Valgrind >log 2>&1 &&
        cmake --build build >>log 2>&1 || { cat log; return 1; }
    (cd build && ctest -T MemCheck) >log 2>&1
    (($? != 0)) || { echo "ctest ended with 0"; return 1; }
    ! grep -q "MemCheck: #1: tidy .*Defects" log && expect ctest "2/3 MemCheck: #2: leaking .* Defects: 2" log &&
        expect ctest "3/3 MemCheck: #3: overrun .* Defects: 1" log && expect ctest "^Memory Leak - 2" log && expect ctest "^IPW - 1" log
}

ctest_launcher() {
    need cmake ctest || return
    local version
    version=$(cmake --version | sed -nE '1s/.* ([0-9]+)\.([0-9]+).*/\1 \2/p')
    # shellcheck disable=SC2086
    set -- $version
    (($1 > 3 || $2 >= 29)) || { echo "CMAKE_TEST_LAUNCHER needs CMake 3.29, this is $1.$2"; return 77; }
    CMAKE_TEST_LAUNCHER="$BUILD/mmguard;--quiet" cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug >log 2>&1 && cmake --build build >>log 2>&1
    ctest --test-dir build >log 2>&1
    expect ctest "33% tests passed, 2 tests failed out of 3" log
}

meson_wrapper() {
    need meson ninja || return
    meson setup build >log 2>&1 && ninja -C build >>log 2>&1 || { cat log; return 1; }
    meson test -C build --wrapper="mmguard" >log 2>&1
    (($? != 0)) || { echo "meson ended with 0"; return 1; }
    expect meson "tidy +OK" log && expect meson "leaking +FAIL.*exit status 23" log &&
        expect meson "overrun +FAIL.*exit status 23" log
}

# A program that speaks TAP passes by what it prints and by its status: mmguard leaves its output alone.
meson_tap() {
    need meson ninja || return
    printf '#include <stdio.h>\n#include <stdlib.h>\nint main(int n, char **a) { puts("1..1\\nok 1 - one"); if (n > 1) malloc(5); return 0; }\n' >tap.c
    printf "project('tap', 'c', default_options: ['debug=true'])\nt = executable('tap', 'tap.c')\ntest('clean', t, protocol: 'tap')\ntest('leaking', t, args: ['x'], protocol: 'tap')\n" >meson.build
    meson setup build >log 2>&1 && meson test -C build --wrapper=mmguard >log 2>&1
    expect meson "clean +OK" log && expect meson "leaking +(FAIL|ERROR)" log
}

automake_log_compiler() {
    need autoreconf automake make || return
    autoreconf -i >log 2>&1 && ./configure CFLAGS="-g -O1 -w" >>log 2>&1 || { tail -n 20 log; return 1; }
    make check >log 2>&1
    expect make "PASS: tidy" log && expect make "FAIL: leaking" log && expect make "FAIL: overrun" log &&
        expect leaking.log "definitely lost: 64 bytes in 2 blocks" leaking.log && expect overrun.log "heap-buffer-overflow-write in overrun" overrun.log
}

# Test programs that speak TAP, under perl's harness.
tap_prove() {
    need prove || return
    printf '#include <stdio.h>\n#include <stdlib.h>\nint main(int n, char **a) { puts("1..1\\nok 1 - one"); if (a[0][2] == %s) malloc(5); return 0; }\n' "'l'" >tap.c
    cc -g -o tidy tap.c && cp tidy leaking && prove --exec "mmguard -q" ./tidy ./leaking >log 2>&1
    expect prove "tidy \.+ ok" log && expect prove "leaking \.+" log && expect prove "Dubious, test returned 23" log && expect prove "Failed 1/2|Result: FAIL" log
}

plain_make() {
    make -f Makefile.plain check >log 2>&1
    expect_status "bare" 0 $? log || return
    make -f Makefile.plain check RUN="mmguard -q" >log 2>&1
    expect_status "guarded" 2 $? log && expect make "FAIL leaking" log && expect make "FAIL overrun" log
    grep -q "FAIL tidy" log && { cat log; return 1; }
    # Compilers leak; what is theirs does not count.
    rm tidy leaking overrun
    mmguard -q --own make -f Makefile.plain check >log 2>&1
    expect_status "make as a whole" 23 $? log || return
    sed -i 's/^tests = .*/tests = tidy/' Makefile.plain && rm tidy
    mmguard -q --own make -f Makefile.plain check >log 2>&1
    expect_status "make of what is clean" 0 $? log
}

# A gate over a whole test suite: what Python itself loses is suppressed by its module.
python_extension() {
    need python3 python3-config || return
    # shellcheck disable=SC2046
    cc -shared -fPIC -g $(python3-config --includes) -o extension.so extension.c >log 2>&1 || { echo "no headers of Python"; return 77; }
    PYTHONMALLOC=malloc PYTHONPATH=. mmguard -q -o . --error-exitcode=0 python3 -c 'import extension' >log 2>&1
    mmreport baseline -o python.txt mmguard-*.mmg >>log 2>&1
    PYTHONMALLOC=malloc PYTHONPATH=. mmguard -q --gate=python.txt python3 -c 'import extension; extension.forget()' >log 2>&1
    expect_status python 23 $? log && expect python "forget" log && expect python "1 new" log
}

# The three commands of the README.
three_commands() {
    make -f Makefile.plain leaking >log 2>&1 || return
    mmguard -o . --error-exitcode=0 ./leaking >log 2>&1 || return
    mmreport gate mmguard-*.mmg >log
    expect_status gate 1 $? log && expect gate "make_name < main" log
}

run() { # CASE
    local log=$work/$1.result status
    cp -r "$here/project" "$work/$1" && (cd "$work/$1" && "$1") >"$log" 2>&1
    status=$?
    case $status in
    0) passed=$((passed + 1)) ;;
    77)
        skipped=$((skipped + 1))
        echo "skipped: recipes/$1: $(tail -n 1 "$log")"
        ;;
    *)
        failed=$((failed + 1))
        echo "FAILED: recipes/$1"
        sed 's/^/    /' "$log"
        ;;
    esac
}

for recipe in ${*:-ctest_memcheck ctest_launcher meson_wrapper meson_tap automake_log_compiler tap_prove plain_make python_extension three_commands}; do
    run "$recipe"
done
echo "suite recipes: $passed passed, $failed failed$( ((skipped)) && echo ", $skipped skipped")"
((failed == 0))
