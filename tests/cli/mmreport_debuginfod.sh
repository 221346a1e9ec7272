# SPDX-License-Identifier: MIT
# Debug files that debuginfod's clients have fetched are used; an empty one stands for "there is none".
for tool in objcopy readelf; do command -v $tool >/dev/null || { echo "no $tool" >&2; exit 77; }; done
mkdir traces
objcopy -S "$SAMPLES/leak_tree" program
mmguard -q --error-exitcode=0 -o traces ./program >/dev/null 2>&1
id=$(readelf -n program | sed -n 's/.*Build ID: //p')
export DEBUGINFOD_CACHE_PATH=$PWD/fetched
named() { mmreport tree --no-cache traces | grep -c "make_buffer at"; }
named
mkdir -p "fetched/$id"
: >"fetched/$id/debuginfo"
named
objcopy --only-keep-debug "$SAMPLES/leak_tree" "fetched/$id/debuginfo"
named
# Of another build.
objcopy --only-keep-debug "$SAMPLES/leak_thread" "fetched/$id/debuginfo"
named
exit 0
