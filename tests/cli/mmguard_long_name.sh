# SPDX-License-Identifier: MIT
# A program whose name is as long as a file name may be has a trace, and a live file before that; their names are cut, before a whole character.
name=$(printf 'n%.0s' {1..151})$(printf 'é%.0s' {1..50})
cp "$SAMPLES/overflow" "$name" || exit 77
mkdir traces
mmguard --record -q --report=none -o traces "./$name" >/dev/null
echo "status $?"
ls traces | sed 's/n\{20,\}/N/; s/-[0-9]*\.mmg$/-PID.mmg/'
mmreport summary traces >summary; grep -q "$name" summary && echo "named in full"; ! grep "cannot be made" summary
