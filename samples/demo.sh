#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What `make demo` shows: one program with an overflow and leaks, run unchanged under mmguard, then what its trace says.
set -u
: "${BUILD:=build}"
traces=$(mktemp -d)
trap 'rm -rf "$traces"' EXIT

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

show "$BUILD/mmguard" -o "$traces" "$BUILD/samples/demo"
status=$?
echo "(exit status $status: findings)"
show "$BUILD/mmreport" summary "$traces" || exit 1
show "$BUILD/mmreport" tree "$traces" || exit 1
[ "$status" -eq 23 ]
