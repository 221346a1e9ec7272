#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Installs the Debian packages that building, the demo and the tests need, and those named, if any are missing.
set -u
packages=(gcc g++ make libc6-dev libisal-dev libdw-dev libdwarf-dev libelf-dev libjansson-dev libzydis-dev libiberty-dev zlib1g-dev
    libcunit1-dev libunwind-dev git python3 perl sqlite3 gdb curl xz-utils openssl bash binutils man-db "$@")
missing=()
for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
run=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "these packages are missing, and installing them needs root: ${missing[*]}" >&2
        exit 1
    }
    run=(sudo)
fi
echo "installing: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    { "${run[@]}" apt-get update -qq >/dev/null && "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }
