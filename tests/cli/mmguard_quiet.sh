# SPDX-License-Identifier: MIT
# -q leaves out the report at the end, and nothing else, as its help says; with --report=none nothing is said.
mmguard --help | sed -n '/--quiet/,/--library/p' | sed '$d'
for options in "-q" "--quiet --report=none"; do
    for sample in overflow leak_tree; do
        # shellcheck disable=SC2086
        mmguard $options "$SAMPLES/$sample" >/dev/null 2>log
        echo "$options $sample: status $?, $(grep -c '^mmguard: heap-buffer' log) errors, $(grep -c ' leaked$' log) reports"
    done
done
