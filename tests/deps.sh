#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
#     deps.sh [--print] build|test|none [PACKAGE...]
#
# Installs the Debian packages that are missing of those that building needs, or building and testing, or of those named. Where that
# cannot be done, it says in one sentence why, and the command to paste. --print installs nothing: it ends with 1, after the
# command, if something is missing. CC is the compiler; gcc is needed only if there is none. The words are plain on a system without
# dpkg, too, where the headers decide.
set -u
: "${CC:=gcc}"
only_print=
[ "${1:-}" = --print ] && only_print=1 && shift
set_name=${1:-test}
[ $# -gt 0 ] && shift

# Header and package of each library that mmreport is linked with.
headers=(dwarf.h:libdw-dev elfutils/libdw.h:libdw-dev libelf.h:libelf-dev libdwarf:libdwarf-dev isa-l/igzip_lib.h:libisal-dev jansson.h:libjansson-dev
    Zydis/Zydis.h:libzydis-dev libiberty/demangle.h:libiberty-dev zlib.h:zlib1g-dev stdio.h:libc6-dev)
packages=("$@")
case $set_name in
build | test)
    command -v "${CC%% *}" >/dev/null || packages+=(gcc)
    packages+=(make)
    for pair in "${headers[@]}"; do
        [[ " ${packages[*]} " == *" ${pair#*:} "* ]] || packages+=("${pair#*:}")
    done
    ;;&
test) packages+=(g++ libcunit1-dev libunwind-dev git python3 perl sqlite3 gdb curl xz-utils openssl binutils man-db) ;;
esac

has_headers() { # HEADER...
    local header
    for header; do
        if [ "$header" = libdwarf ]; then
            printf '#if !__has_include(<libdwarf/libdwarf.h>) && !__has_include(<libdwarf.h>)\n#error\n#endif\n'
        else
            printf '#include <%s>\n' "$header"
        fi
    done | $CC ${CPPFLAGS:-} -E -x c - >/dev/null 2>&1
}

# Libraries that were built by hand are as good as packages.
[ "$set_name" = build ] && [ $# -eq 0 ] && has_headers "${headers[@]%%:*}" && exit 0

missing=()
if command -v dpkg-query >/dev/null; then
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
else
    for pair in "${headers[@]}"; do
        [ "$set_name" = none ] || has_headers "${pair%%:*}" || missing+=("${pair#*:}")
    done
fi
[ ${#missing[@]} -eq 0 ] && exit 0

sudo=
[ "$(id -u)" -eq 0 ] || sudo='sudo '
command="${sudo}apt-get update && ${sudo}apt-get install --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
    echo "missing, by Debian's names: ${missing[*]}" >&2
    exit 1
fi
paste() { # SENTENCE
    printf '%s\n\n    %s\n\n' "$1" "$command" >&2
    exit 1
}
[ "$only_print" ] && paste "packages are missing; this installs them:"
run=()
if [ "$sudo" ]; then
    { command -v sudo && sudo -n true; } >/dev/null 2>&1 || { [ -t 0 ] && command -v sudo >/dev/null; } ||
        paste "packages are missing, and installing them needs root; this installs them:"
    run=(sudo)
fi
echo "installing: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install=("${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}")
"${install[@]}" >"$log" 2>&1 && exit 0
"${run[@]}" apt-get update -qq >"$log" 2>&1
"${install[@]}" >>"$log" 2>&1 && exit 0
if grep -qE 'Temporary failure resolving|Could not connect|Unable to connect|Could not resolve|Failed to fetch|Network is unreachable|no longer has a Release' "$log"; then
    paste "packages are missing, and Debian's servers cannot be reached; with a network, this installs them:"
fi
paste "packages are missing, and apt-get cannot install them ($(grep -m 1 '^E:' "$log" || echo "it does not say why")); this is the command:"
