#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Installs the Debian packages that the benchmarks compare with, if any are missing. One that cannot be had is said and left
# out: its column is skipped.
set -u
packages=(valgrind electric-fence duma heaptrack llvm elfutils binutils gcc g++ python3 sqlite3 perl git xz-utils openssl gdb
    nodejs npm)
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
export DEBIAN_FRONTEND=noninteractive
missing=()
for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
# Node may come with an npm of its own; Debian's would clash with it.
command -v npm >/dev/null && missing=("${missing[@]/#npm/}")
updated=
for package in "${missing[@]}"; do
    [ -n "$package" ] || continue
    echo "installing: $package" >&2
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 && continue
    [ "$updated" ] || "${as_root[@]}" apt-get update -qq >/dev/null 2>&1
    updated=1
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
        echo "not installed: $package (its comparisons are skipped)" >&2
done
exit 0
