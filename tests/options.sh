#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The tables against the manual pages, and what libguard exports. REGENERATE=1 writes the list of checked calls. Ends with a line
# `suite options: N passed, N failed[, N skipped]`.
#
# In man/libguard.7 an option's paragraph begins with `.BI NAME= ...` or `.BR NAME= ...` after `.TP`, names each value and says
# `Default: VALUE.` (`Default: none.` for an empty one).

cd "$(dirname "$0")/.." || exit 2
BUILD=${BUILD:-build}
passed=0 failed=0 skipped=0

verdict() { # TITLE; what is wrong is on standard input
    local wrong
    wrong=$(cat)
    if [[ -z $wrong ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: options: $1"
        printf '%s\n' "$wrong" | sed 's/^/    /'
    fi
}

skip() { # TITLE REASON
    skipped=$((skipped + 1))
    echo "skipped: options: $1: $2"
}

# "name type default values", one option a line, with "-" for an empty field.
options() {
    sed -nE 's/^MM_OPTION\(([a-z_]+), ([A-Z]+), "([^"]*)", "([^"]*)".*/\1|\2|\3|\4/p' include/mmoptions.def |
        awk -F'|' '{ v = $4; for (i = 5; i <= NF; i++) v = v "|" $i; print $1, $2, ($3 == "" ? "none" : $3), (v == "" ? "-" : v) }'
}

plain() { # MANUAL-PAGE: without fonts and escapes
    sed -E 's/\\f[A-Z]//g; s/\\-/-/g; s/\\&//g; s/\\(.)/\1/g' "$1"
}

paragraph() { # OPTION
    plain man/libguard.7 | awk -v name="$1" '
        /^\.TP/ || /^\.SH/ || /^\.SS/ { inside = 0; next_is_tag = /^\.TP/; next }
        next_is_tag { next_is_tag = 0; inside = ($1 ~ /^\.B[IR]?$/ && index($2, name "=") == 1) }
        inside { print }'
}

options_documented() {
    local name type default values text value
    while read -r name type default values; do
        text=$(paragraph "$name")
        if [[ -z $text ]]; then
            echo "man/libguard.7: no paragraph for '$name'"
            continue
        fi
        grep -qE "Default: ${default//./\\.}\\.( |\$)" <<<"$text" || echo "man/libguard.7: '$name': no 'Default: $default.'"
        case $type in
        ENUM)
            for value in ${values//|/ }; do
                grep -qw -- "$value" <<<"$text" || echo "man/libguard.7: '$name': value '$value' is missing"
            done
            ;;
        INT)
            grep -qw "${values%%..*} to ${values##*..}" <<<"$text" || echo "man/libguard.7: '$name': range '${values/../ to }' is missing"
            ;;
        esac
    done < <(options)
}

options_not_in_table() {
    local name
    plain man/libguard.7 | sed -nE 's/^\.B[IR] ([a-z_]+)=.*/\1/p' | while read -r name; do
        options | grep -q "^$name " || echo "man/libguard.7: '$name' is not an option"
    done
}

flags_documented() {
    local flag
    plain man/mmguard.1 | grep -q '^\.BR libguard (7)' || echo "man/mmguard.1: no reference to libguard(7)"
    [[ -x $BUILD/mmguard ]] || return
    "$BUILD/mmguard" --help | grep -oE '(^|[ ,])--?[a-z][a-z-]*' | tr -d ' ,' | sort -u | while read -r flag; do
        plain man/mmguard.1 | grep -qE -- "(^|[^a-z-])$flag([^a-z-]|\$)" ||
            [[ -n $(paragraph "$(tr - _ <<<"${flag#--}")") ]] ||
            echo "man/mmguard.1: '$flag' of mmguard --help is missing"
    done
}

error_kinds_documented() {
    local slug
    sed -nE 's/^MM_ERROR\([A-Z_]+, [0-9]+, "([^"]+)".*/\1/p' include/mmerrors.def | while read -r slug; do
        plain man/libguard.7 | grep -qE -- "(^|[^a-z-])$slug([^a-z-]|\$)" || echo "man/libguard.7: error kind '$slug' is missing"
    done
}

export_formats_documented() {
    local name extension
    sed -nE 's/^EXPORT_FORMAT\([A-Z_]+, "([^"]+)", "([^"]+)".*/\1 \2/p' report/render/exports.def | while read -r name extension; do
        plain man/mmreport.1 | grep -qw -- "$name" || echo "man/mmreport.1: format '$name' is missing"
        plain man/mmreport.1 | grep -qE "^\.I[A-Z]? \.$extension( |\$)" || echo "man/mmreport.1: files '.$extension' are missing"
    done
}

commands_documented() {
    local word
    "$BUILD/mmreport" --help | sed -nE 's/^  (mmreport )?([a-z][a-z-]*)( .*)?$/\2/p' | sort -u | while read -r word; do
        plain man/mmreport.1 | grep -qE "^\.B[IR]? \"?$word\b" || echo "man/mmreport.1: command '$word' is missing"
    done
    "$BUILD/mmreport" --help | grep -oE -- '(^|[ ,[])--[a-z][a-z-]*' | tr -d ' ,[' | sort -u | while read -r word; do
        plain man/mmreport.1 | grep -qE -- "(^|[^a-z-])$word([^a-z-]|\$)" || echo "man/mmreport.1: option '$word' is missing"
    done
}

# What libguard exports beside functions of libc: interfaces of its own and of others, functions that only some versions of
# libc have, and operators of C++.
interfaces='__(mmguard|lsan|asan|sanitizer)_.*|[a-z]+allocx|cfree|free(_aligned)?_sized|__isoc23_.*|_Z(nw|na|dl|da).*'

exports_known() {
    local libc
    libc=$(ldd "$BUILD/libguard.so" | awk '$1 ~ /^libc\.so/ { print $3 }')
    nm -D --defined-only "$libc" | awk '{ sub(/@.*/, "", $3); print $3 }' | sort -u >"$scratch/libc"
    nm -D --defined-only "$BUILD/libguard.so" | awk '{ sub(/@.*/, "", $3); print $3, $2 }' | sort -u >"$scratch/exported"
    awk '$2 !~ /^[TWi]$/ { print "\047" $1 "\047 is exported and no function" }' "$scratch/exported"
    cut -d' ' -f1 "$scratch/exported" | comm -23 - "$scratch/libc" | grep -vxE "$interfaces" |
        sed "s/.*/'&' is exported and no function of libc or of an interface/"
}

# Without comments and space, so that the page may break its lines where it likes.
client_functions_documented() {
    local signature
    sed -nE '/^\.SH SYNOPSIS/,/^\.SH DESC/p' man/mmguard.h.3 | sed -E 's/^\.B[IR]? //' | plain /dev/stdin | tr -d '" \n' >"$scratch/synopsis"
    tr '\n' ' ' <include/mmguard.h | grep -oE 'static inline [^{]*\)' | sed 's/static inline//; s/$/;/' | tr -d ' ' | while read -r signature; do
        grep -qF "$signature" "$scratch/synopsis" || echo "man/mmguard.h.3: '$signature' of mmguard.h is missing"
    done
}

# No line of a page is wider than a terminal.
manual_pages_format() {
    local page
    for page in man/*.[1-8]; do
        LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null | sed "s@^@$page: @"
        # Not every awk counts characters.
        LC_ALL=C.UTF-8 MANWIDTH=80 man -E UTF-8 -l "$page" 2>/dev/null | LC_ALL=C.UTF-8 sed 's/[^ -~]/x/g' | awk -v page="$page" 'length($0) > 80 { print page ": wide: " $0 }'
    done
}

scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# What the rows of libguard/calls make, but for variants and what is there for others only: each has a pointer to the real
# function with its name. Nothing if the objects do not tell, being those of a compiler that works when it links.
checked_calls() {
    local source
    {
        for source in libguard/calls/*.c; do
            nm "$BUILD/obj/${source%.c}.o"
        done | sed -nE 's/.* name_([a-z_][a-z0-9_]*)$/\1/p'
        sed -nE 's/^KERNEL_CALL\([a-z_]+, ([a-z0-9_]+),.*/\1/p' libguard/signals/signal_waits.c
    } | grep -vE '^__|64|_unlocked$|^v[a-z]*(printf|scanf)$|^register_printf_' | LC_ALL=C sort -u
}

# The page's list of them stands between two comments.
listed_calls() {
    awk '/^\.\\" End of the rows/ { on = 0 } on; /^\.\\" The rows of/ { on = 1 }' man/libguard.7
}

write_calls() {
    { tr '\n' ',' <"$scratch/calls" | sed 's/,$/./; s/,/, /g' && echo; } | fold -s -w 120 | sed 's/ $//' >"$scratch/list"
    awk -v list="$scratch/list" '/^\.\\" End of the rows/ { on = 0 } !on
        /^\.\\" The rows of/ { on = 1; while ((getline line <list) > 0) print line }' man/libguard.7 >"$scratch/page" &&
        cat "$scratch/page" >man/libguard.7
}

calls_documented() {
    listed_calls | tr ',' '\n' | tr -d ' .' | grep . >"$scratch/listed"
    diff "$scratch/listed" "$scratch/calls" | sed -n 's/^</man\/libguard.7: no checked call, or not in order:/p; s/^>/man\/libguard.7: is missing:/p'
}

verdict "every option is in libguard(7)" < <(options_documented)
verdict "libguard(7) has no other options" < <(options_not_in_table)
verdict "every flag of mmguard is in a manual page" < <(flags_documented)
verdict "every error kind is in libguard(7)" < <(error_kinds_documented)
verdict "every function of mmguard.h is in mmguard.h(3)" < <(client_functions_documented)
verdict "every export format is in mmreport(1)" < <(export_formats_documented)
checked_calls >"$scratch/calls" 2>/dev/null
if (($(wc -l <"$scratch/calls") > 100)); then
    [[ ${REGENERATE:-} ]] && write_calls
    verdict "every checked call is in libguard(7)" < <(calls_documented)
else
    skip "checked calls" "the objects of libguard do not tell"
fi
if [[ -x $BUILD/mmreport ]]; then
    verdict "every command and option of mmreport is in mmreport(1)" < <(commands_documented)
else
    skip "commands of mmreport" "mmreport is not built"
fi
if [[ -e $BUILD/libguard.so ]]; then
    verdict "what is exported" < <(exports_known)
else
    skip "what is exported" "libguard.so is not built"
fi
if command -v man >/dev/null; then
    verdict "manual pages are formatted without a warning" < <(manual_pages_format)
else
    skip "manual pages" "no man here"
fi

echo "suite options: $passed passed, $failed failed$( ((skipped)) && echo ", $skipped skipped")"
((failed == 0))
