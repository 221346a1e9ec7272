# SPDX-License-Identifier: MIT
command -v python3 >/dev/null && command -v readelf >/dev/null || { echo "no python3 or readelf" >&2; exit 77; }
python3 "$(dirname "$0")/../mutated_elf.py" "$SAMPLES/leak_tree_cc" 100 2>/dev/null
