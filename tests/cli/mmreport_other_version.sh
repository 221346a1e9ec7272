# SPDX-License-Identifier: MIT
# Byte 8 is the low byte of the version.
cp "$TRACES/leak_tree.mmg" other.mmg && printf '\143' | dd of=other.mmg bs=1 seek=8 conv=notrunc 2>/dev/null
mmreport summary other.mmg
