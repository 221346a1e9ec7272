# SPDX-License-Identifier: MIT
# gdb stops at the first error, after its report, with the function that made it on the stack.
command -v gdb >/dev/null || { echo "no gdb" >&2; exit 77; }
gdb -q -batch -ex run /bin/true 2>&1 | grep -q "exited normally" || { echo "gdb cannot run programs here" >&2; exit 77; }
printf 'set width 0\nbt\nkill\n' | mmguard --gdb "$SAMPLES/use_after_free" >log 2>&1
grep -o "use-after-free-read in use_after_free" log
grep -o "received signal SIGABRT" log
grep -o "finish (job=.*use_after_free.c:[0-9]*" log | sed -E 's/\(job.*samples/samples/; s/\(job=[^)]*\) at [^ ]*\//at /'
