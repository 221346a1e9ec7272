# SPDX-License-Identifier: MIT
# The line that matters and those around it; nothing where a source cannot be found.
mmreport tree --source=1 "$TRACES/leak_tree.mmg" | sed -n "/^likely/,/^$/p"
mmreport errors --source=0 "$TRACES/overflow.mmg" | grep -c "^ *>"
mmreport errors --source=1 "$TRACES/overflow.mmg" | grep -c "^ *> "
source=$(mmreport tree --json "$TRACES/leak_tree.mmg" | grep -o "/[^\"]*samples/" | head -n 1)
mmreport tree --source=1 --path-map="${source%/}=/nonexistent" "$TRACES/leak_tree.mmg" | grep -c "^ *> "
mkdir elsewhere
sed "s/make_buffer/MAKE_BUFFER/" "${source}leak_tree.c" >elsewhere/leak_tree.c
mmreport tree --source=1 --path-map="$source=elsewhere" "$TRACES/leak_tree.mmg" | grep "^ *>  *[0-9]" | head -n 1
