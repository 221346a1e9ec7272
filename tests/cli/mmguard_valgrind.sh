# SPDX-License-Identifier: MIT
# Called as CTest calls Valgrind.
try() {
    mmguard --log-file=check.log -q --tool=memcheck --leak-check=yes --show-reachable=no --num-callers=50 --track-origins=yes "$@"
    echo "status $?"
    sed -E 's/^==[0-9]+==/==PID==/; s/0x[0-9A-F]+:/0x0:/' check.log
}
try "$SAMPLES/overflow"
try "$SAMPLES/leak_cycle"
try "$SAMPLES/double_free"
try "$SAMPLES/mismatched_free" | grep Mismatched
try /bin/true
mmguard --valgrind --error-exitcode=0 --leak-check=no "$SAMPLES/use_after_free" 2>&1 | sed -E 's/^==[0-9]+==/==PID==/; s/0x[0-9A-F]+:/0x0:/'
mmguard --tool=helgrind /bin/true
echo "status $?"
