# SPDX-License-Identifier: MIT
# Leaks of programs of the system that the program starts do not count, which a line says; those of the program that was named, of the user's
# own programs and libraries, and errors do. --own=no counts all, and a baseline is compared with all.
[[ -x /usr/bin/python3 ]] || { echo "no python3 of the system here"; exit 77; }
mkdir source
cat >source/ours.c <<'END'
#include <stdlib.h>
__attribute__((noinline)) void lose(void) { void *volatile lost = malloc(4321); lost = NULL; }
int main(void) { lose(); return 0; }
END
$CC -O0 -g -w -o ours source/ours.c && $CC -O0 -g -w -shared -fPIC -o libours.so source/ours.c || exit 1
cat >lose.py <<'END'
import ctypes, sys
libc = ctypes.CDLL(None)
for i in range(50 if "leak" in sys.argv else 0):
    libc.malloc(ctypes.c_size_t(1234))
if "library" in sys.argv:
    ours = ctypes.CDLL("./libours.so")
    for i in range(50):
        ours.lose()
if "error" in sys.argv:
    libc.free(id(libc))
END
run() {
    local text status
    text=$(mmguard "$@" 2>&1)
    status=$?
    echo "$text" | grep -E 'invalid-free in|^mmguard: .*leaked|^  .*leaked|^new |^gate:' |
        sed -E 's/[0-9,]+ bytes in [0-9]+ blocks?/N bytes/; s/python3\.[0-9]+/python3/; s/[0-9]+ processes/N processes/; s/^new .*:/new FINDING:/' | sort -u
    echo "status $status"
}
echo "== by a shell"
run sh -c '/usr/bin/python3 lose.py leak; true'
echo "== --own=no"
run --own=no sh -c '/usr/bin/python3 lose.py leak; true' | sed 's/[0-9]* errors*/N errors/'
echo "== quiet"
run -q sh -c '/usr/bin/python3 lose.py leak; true'
echo "== named"
run /usr/bin/python3 lose.py leak
echo "== beside a program of one's own"
run sh -c '/usr/bin/python3 lose.py leak; ./ours; true'
echo "== in a library of one's own"
run sh -c '/usr/bin/python3 lose.py library; true' | grep -v 'of the system'
echo "== an error"
run sh -c '/usr/bin/python3 lose.py error; true' | grep -v 'of the system'
echo "== a baseline"
run --gate=/dev/null sh -c '/usr/bin/python3 lose.py leak; true' | tail -n 2
