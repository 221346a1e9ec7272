# SPDX-License-Identifier: MIT
# One byte changed at a time, all through the file: any answer, but no crash and no hang.
size=$(stat -c %s "$TRACES/overflow.mmg")
for ((at = 0; at < size; at += size / 60 + 1)); do
    cp "$TRACES/overflow.mmg" flipped.mmg
    printf '\377' | dd of=flipped.mmg bs=1 seek=$at conv=notrunc 2>/dev/null
    for command in summary errors tree; do
        timeout 120 mmreport $command flipped.mmg >/dev/null 2>&1
        status=$?
        ((status <= 2)) || echo "$command: status $status with byte $at changed"
    done
done
