# SPDX-License-Identifier: MIT
# Each sample's errors, and nothing where there is no bug. Which member of a freed element is read first is the compiler's choice.
for sample in overflow underflow use_after_free double_free mismatched_free late_write overlapping_copy negative_size invalid_free wide_text \
    stale_iterator null_pointer fixed_twins; do
    echo "== $sample"
    mmguard --leak-check=0 -o . "$SAMPLES/$sample" 2>&1 >/dev/null | grep -A 3 -E '^mmguard: [a-z-]+ in ' |
        sed -E 's/0x[0-9a-f]+/ADDR/g; s/[04] bytes inside an 8-byte block/0 bytes inside an 8-byte block/'
    echo "status ${PIPESTATUS[0]}"
done
