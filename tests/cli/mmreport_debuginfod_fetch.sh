# SPDX-License-Identifier: MIT
# Debug files are fetched from a server when that is asked for, and never otherwise.
for tool in objcopy readelf python3; do command -v $tool >/dev/null || { echo "no $tool" >&2; exit 77; }; done
ls /usr/lib/*/libdebuginfod.so.1 /usr/lib*/libdebuginfod.so.1 >/dev/null 2>&1
[[ -n $(ls /usr/lib/*/libdebuginfod.so.1 /usr/lib*/libdebuginfod.so.1 2>/dev/null) ]] || { echo "no libdebuginfod" >&2; exit 77; }
mkdir traces served fetched
objcopy -S "$SAMPLES/leak_tree" program
mmguard -q --error-exitcode=0 -o traces ./program >/dev/null 2>&1
id=$(readelf -n program | sed -n 's/.*Build ID: //p')
mkdir -p "served/buildid/$id"
objcopy --only-keep-debug "$SAMPLES/leak_tree" "served/buildid/$id/debuginfo"
cat >serve.py <<'END'
import functools, http.server
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="served")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1], flush=True)
server.serve_forever()
END
mkfifo port
python3 serve.py >port 2>log &
server=$!
trap 'kill "$server"' EXIT
read -r number <port
export DEBUGINFOD_CACHE_PATH=$PWD/fetched DEBUGINFOD_URLS=http://127.0.0.1:$number DEBUGINFOD_PROGRESS='' XDG_CACHE_HOME=$PWD/cache
named() { mmreport tree "$@" traces 2>&1 | grep -c "make_buffer at"; }
asked() { grep -c "GET /buildid/$id/debuginfo .* 200" log; }
echo "not asked for: $(named) named, $(asked) requests"
echo "asked for: $(named --debuginfod) named, $(asked) requests"
echo "again: $(named --debuginfod) named, $(asked) requests"
rm -r "${XDG_CACHE_HOME:?}"
echo "without asking, from the folder: $(named) named, $(asked) requests"
echo "libdwarf: $(named --debuginfod --dwarf=libdwarf --no-cache) named"
# The debug file suffices where the program is not.
mv program elsewhere
echo "without the program: $(named --debuginfod --no-cache) named"
rm -rf fetched cache served/buildid
mkdir fetched
mv elsewhere program
echo "none there: $(named --debuginfod) named"
DEBUGINFOD_URLS='' mmreport tree --debuginfod traces
echo "status $?"
kill $server
wait $server 2>/dev/null
trap - EXIT
rm -rf fetched cache
# libc is asked for as well where its debug package is not installed.
DEBUGINFOD_URLS=http://127.0.0.1:1 mmreport tree --debuginfod --focus=make_buffer traces 2>&1 >/dev/null |
    sed -nE 's/^(mmreport: )[^ ]*: debuginfod: .*/\1FILE: debuginfod: REASON/p' | sort -u
