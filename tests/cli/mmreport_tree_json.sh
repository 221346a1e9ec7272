# SPDX-License-Identifier: MIT
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
mmreport tree --json "$TRACES/leak_tree.mmg" >tree.json || exit
python3 -m json.tool tree.json >/dev/null && echo valid
