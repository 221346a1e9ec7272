#!/bin/bash
# SPDX-License-Identifier: MIT
#
# `filter` of harness.sh, on which every expectation rests: what it makes of NAME.raw is NAME.filtered.

. "$(dirname "$0")/../harness.sh"

run_case() { # NAME
    filter <"$here/$1.raw" >"$HARNESS_WORK/filtered"
    expect_file "$HARNESS_WORK/filtered" "$here/$1.filtered"
}

(cd "$here" && ls -- *.raw) | sed 's/\.raw$//' | harness filter "$@"
