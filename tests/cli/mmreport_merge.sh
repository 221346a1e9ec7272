# SPDX-License-Identifier: MIT
# Merging gives the same bytes in any order and in any grouping, and what is shown of the merged file is what is shown of the parts.
make=$(dirname "$0")/../maketrace.py
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
mkdir parts
for i in 1 2 3 4 5; do
    python3 "$make" leaks parts/$i.mmg --stacks 40 --depth 12 --seed $((i / 2)) --pid $i
done
cp "$TRACES/leak_tree.mmg" parts/6.mmg
head -c 3000 parts/3.mmg >parts/7.mmg
mmreport merge -o all.mmg parts 2>/dev/null
echo "merge: status $?"
mmreport merge -o front.mmg parts/7.mmg parts/2.mmg parts/5.mmg 2>/dev/null
mmreport merge -o back.mmg parts/4.mmg parts/6.mmg 2>/dev/null
mmreport merge -o other.mmg parts/1.mmg back.mmg parts/3.mmg front.mmg 2>/dev/null
cmp all.mmg other.mmg && echo "same bytes"
for command in summary errors tree "tree --invert --kind=all" "tree --group-by=thread" top "top --group-by=function"; do
    for files in "parts" "all.mmg" "parts/5.mmg parts/7.mmg back.mmg parts/1.mmg parts/3.mmg parts/2.mmg" "front.mmg back.mmg parts/1.mmg parts/3.mmg"; do
        # shellcheck disable=SC2086
        mmreport $command --json --no-symbols $files 2>/dev/null | md5sum
    done | sort -u | wc -l | sed "s/^/$command: different answers: /"
done
