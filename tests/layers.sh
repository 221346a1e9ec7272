#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The rules about where things are: folders are layers and a file includes its own layer or lower ones; file names are unique;
# each source file names its licence; nothing depends on the machine it was written on; documents name what there is. Ends with a line
# `suite layers: N passed, N failed`.

cd "$(dirname "$0")/.." || exit 2
passed=0 failed=0

verdict() { # TITLE; what is wrong is on standard input
    local wrong
    wrong=$(cat)
    if [[ -z $wrong ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: layers: $1"
        printf '%s\n' "$wrong" | sed 's/^/    /'
    fi
}

# Layers of equal rank stand on one line; they do not include each other.
libguard_ranks='base
page
stack
trace
heap
diag
leak
guard
alloc calls
signals
process
client
start'
report_ranks='util
model
load elf
dwarf
sym
query
render
cli'

rank() { # RANKS LAYER
    local number=0 line
    while read -r line; do
        number=$((number + 1))
        [[ " $line " == *" $2 "* ]] && {
            echo $number
            return
        }
    done <<<"$1"
    echo 0
}

check_includes() { # HALF RANKS
    local file line target own
    while IFS=: read -r file line target; do
        target=${target#*\"}
        target=${target%%\"*}
        own=${file#"$1"/}
        own=${own%%/*}
        if [[ $target == common/* ]]; then
            [[ -e $target ]] || echo "$file:$line: there is no $target"
        elif [[ $target != */* ]]; then
            [[ -e include/$target ]] || echo "$file:$line: \"$target\" is not in include/; give the path from $1/"
        elif [[ ! -e $1/$target ]]; then
            echo "$file:$line: \"$target\" is not in $1/"
        elif (($(rank "$2" "$own") == 0)); then
            echo "$file:$line: '$own' is not a layer of $1/"
        elif [[ ${target%%/*} != "$own" ]] &&
            (($(rank "$2" "${target%%/*}") >= $(rank "$2" "$own"))); then
            echo "$file:$line: '$own' may not include \"$target\""
        fi
    done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$1" --include='*.[ch]')
}

# In the rooms of the entries no file includes another that, by way of others, includes it. A source and its header are one.
circles() {
    (cd libguard && grep -rnoE '^#include "[a-z_]+/[a-z_]+\.h"' guard alloc calls signals process client start --include='*.[ch]') |
        sed -E 's@^([a-z_]+/[a-z_]+)\.[ch]:[0-9]+:#include "([a-z_]+/[a-z_]+)\.h"@\1 \2@' |
        awk '$1 != $2 && $2 ~ /^(guard|alloc|calls|signals|process|client|start)\//' | sort -u | tsort 2>&1 >/dev/null
}

# gdb and profilers show names without a file. The room of the checked calls names many small helpers after their shape.
statics_of_one_name() {
    find common libguard -name '*.c' ! -path 'libguard/calls/*' -print0 |
        xargs -0 sed -nE '/;$/d; s/^(static|ALWAYS_INLINE)[^;=(]*[ *]([a-z_0-9]+)\(.*/\2/p' | grep -v '^__' | sort | uniq -d
}

# GUARD of room/file.h: ROOM_FILE_H.
other_guards() {
    local file guard
    find libguard report common -name '*.h' | while read -r file; do
        guard=$(sed -E 's@^[a-z]+/@@; s@\.h$@_H@; s@[/-]@_@g' <<<"$file" | tr a-z A-Z)
        grep -qx "#ifndef $guard" "$file" && grep -qx "#define $guard" "$file" || echo "$file: the guard is not $guard"
    done
}

files() {
    find . \( -name .git -o -name 'build*' -o -name node_modules \) -prune -o -type f -print | sed 's@^\./@@'
}

source_sizes() {
    local file lines
    files | grep -E '^(common|libguard|report|include)/.*\.[ch]$' | while read -r file; do
        lines=$(wc -l <"$file")
        ((lines <= 500)) || echo "$file: $lines lines"
    done
}

unlicensed() {
    local file
    files | grep -E '\.(c|cc|h|def|map|sh|py|mk)$|(^|/)Makefile$|^man/|^\.ci/|\.clang-format$' | while read -r file; do
        head -n 4 "$file" | grep -q 'SPDX-License-Identifier: MIT' || echo "$file"
    done
}

# What both halves are compiled with knows neither of them. libguard calls it before libc is ready.
common_includes() {
    grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' common --include='*.[ch]' |
        grep -vE '<(std(int|def|bool)|limits)\.h>|"(common/[a-z]+\.h|mm[a-z]+\.(def|h))"'
    grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' include --include='*.h' |
        grep -vE '<std(int|def|bool)\.h>|"mm[a-z]+\.(def|h)"'
}

# Tests of misuse and samples are quoted by their lines in expectations; what a reader works on is held to the width.
wide_lines() {
    files | grep -E '^(common|libguard|report|include|bench|tests/(unit|fuzz|oracle))/.*\.([ch]|cc|def)$' | while read -r file; do
        awk -v file="$file" 'length($0) > 100 { print file ":" FNR ": " length($0) " columns" }' "$file"
    done
}

# The rules of .clang-format, as the clang-format of Debian 12 reads them: others lay out some lines another way.
unformatted() {
    clang-format --version 2>/dev/null | grep -q 'version 14\.' || return 0
    files | grep -E '^(common|libguard|report|tests/unit)/.*\.[ch]$' | tr '\n' '\0' | xargs -0 clang-format --dry-run 2>&1 |
        grep -E 'warning:|error:' | sort | uniq | head -n 20
}

in_files() { # GREP-ARGUMENTS
    files | tr '\n' '\0' | xargs -0 grep -nI "$@"
}

documents='ARCHITECTURE.md CONTRIBUTING.md'

# "base < page < ... < guard, alloc": a rank a line, as ARCHITECTURE.md writes it in one.
in_one_line() {
    sed 's/ /, /g' <<<"$1" | awk '{ printf "%s%s", separator, $0; separator = " < " }'
}

undocumented_rooms() {
    local half room
    grep -qxF "    libguard: $(in_one_line "$libguard_ranks")" ARCHITECTURE.md || echo "ARCHITECTURE.md: not the ranks of libguard/ that hold here"
    grep -qxF "    report: $(in_one_line "$report_ranks")" ARCHITECTURE.md || echo "ARCHITECTURE.md: not the ranks of report/ that hold here"
    for half in libguard report; do
        for room in "$half"/*/; do
            grep -qF "| \`${room%/}\` |" ARCHITECTURE.md || echo "ARCHITECTURE.md: no row for ${room%/}"
        done
    done
}

quoted() { # FILE...: what stands between backquotes
    grep -noE '`[^`]+`' "$@" | tr -d '`'
}

missing_places() {
    local file line place target
    # shellcheck disable=SC2086
    quoted $documents | grep -E ':(include|common|libguard|report|tests|man|bench|samples)/[^ *]+$' | grep -v NAME |
        while IFS=: read -r file line place; do
            [[ -e $place ]] || echo "$file:$line: there is no $place"
        done
    # shellcheck disable=SC2086
    quoted $documents README.md | sed -nE 's/^([^:]+:[0-9]+:).*\bmake ([a-z][a-z-]*).*/\1\2/p' | while IFS=: read -r file line target; do
        grep -qE "^([a-z-]+ )*$target( [a-z-]+)*:" Makefile || echo "$file:$line: the Makefile has no target $target"
    done
}

unnamed_misses() {
    local name
    for name in tests/preload/miss_*.c; do
        name=${name##*/}
        grep -qF "\`${name%.c}\`" README.md || echo "README.md: does not name ${name%.c}"
    done
    quoted README.md | sed -nE 's/.*:(miss_[a-z_]+)$/\1/p' | while read -r name; do
        [[ -e tests/preload/$name.c ]] || echo "README.md: there is no tests/preload/$name.c"
    done
}

verdict "includes in libguard/" < <(check_includes libguard "$libguard_ranks")
verdict "includes in report/" < <(check_includes report "$report_ranks")
verdict "files of the entries that include each other" < <(circles)
verdict "static functions of one name in libguard/ and common/" < <(statics_of_one_name)
verdict "include/ and common/ include plain types and themselves only" < <(common_includes)
verdict "include guards" < <(other_guards)
verdict "source files of one name" < <(files | grep -E '\.(c|cc|h|def)$' | sed 's@.*/@@' | sort | uniq -d)
verdict "files without a licence line" < <(unlicensed)
verdict "paths of one machine" < <(in_files -E '/(work|root|home)/[a-z]')
verdict "unfinished places" < <(in_files -wE 'TO''DO|FIX''ME|X''XX')
verdict "rooms and ranks in ARCHITECTURE.md" < <(undocumented_rooms)
verdict "places and targets that documents name" < <(missing_places)
verdict "tests of what is not seen" < <(unnamed_misses)
verdict "lines of more than 100 columns" < <(wide_lines)
verdict "layout other than clang-format's" < <(unformatted)
verdict "files of more than 500 lines" < <(source_sizes)

echo "suite layers: $passed passed, $failed failed"
((failed == 0))
