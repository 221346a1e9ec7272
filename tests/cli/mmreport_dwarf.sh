# SPDX-License-Identifier: MIT
# Two readers of debug information that have nothing in common say the same.
mmreport tree --no-cache --dwarf=libdwarf "$TRACES/leak_tree.mmg" 2>message | grep -q make_buffer || { cat message >&2; exit 77; }
for sample in leak_tree leak_tree_cc; do
    for reader in libdw libdwarf; do
        mmreport tree --no-cache --full-names --dwarf=$reader "$TRACES/$sample.mmg" | sed -E "s/\.c(c)?:[0-9]+/.c\1/" | md5sum
    done | uniq | wc -l
done
command -v python3 >/dev/null && command -v readelf >/dev/null || exit 0
python3 "$(dirname "$0")/../mutated_elf.py" "$SAMPLES/leak_tree_cc" 30 --dwarf=libdwarf 2>/dev/null
