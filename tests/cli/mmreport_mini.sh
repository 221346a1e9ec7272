# SPDX-License-Identifier: MIT
# Names from the small symbol table in .gnu_debugdata, and what is said of debug information in a form that cannot be read.
for tool in objcopy xz nm; do command -v $tool >/dev/null || { echo "no $tool" >&2; exit 77; }; done
mkdir traces
nm --format=posix --defined-only "$SAMPLES/leak_tree" | awk '$2 ~ /[Tt]/ { print $1 }' >keep
objcopy --only-keep-debug "$SAMPLES/leak_tree" debug
objcopy -S --remove-section .gdb_index --remove-section .comment --keep-symbols=keep debug mini && xz mini
objcopy -S --add-section .gnu_debugdata=mini.xz "$SAMPLES/leak_tree" program
mmguard -q --error-exitcode=0 -o traces ./program >/dev/null 2>&1
mmreport tree --no-cache --depth=3 --debug-dir=/nonexistent traces | grep -E "serve|handle_request"
if objcopy --compress-debug-sections=zstd "$SAMPLES/leak_tree" packed 2>/dev/null; then
    rm traces/*
    mmguard -q --error-exitcode=0 -o traces ./packed >/dev/null 2>&1
    mmreport tree --no-cache traces >tree 2>message
    # Lines are there, or it is said why they are not.
    grep -q "serve at" tree || grep -q "compressed form that libelf cannot read" message || echo "nothing is said"
fi
exit 0
