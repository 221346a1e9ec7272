# SPDX-License-Identifier: MIT
# A program without symbols, and a C library without debug symbols, as on most machines: the frames of process and thread start are
# hidden all the same.
command -v strip >/dev/null || { echo "no strip" >&2; exit 77; }
mkdir traces
for sample in leak_tree leak_thread; do
    strip -o $sample "$SAMPLES/$sample" || exit
    mmguard -q --error-exitcode=0 -o traces ./$sample >/dev/null 2>&1
    for options in "--debug-dir=/nonexistent" ""; do
        # The depth of the tree is the longest chain of lines behind the numbers; libc is nowhere at its outer end.
        mmreport tree $options --no-cache --no-fold --json traces/*$sample*.mmg >tree.json
        grep -c "libc\.so\|_start\|clone" tree.json
    done
done
exit 0
