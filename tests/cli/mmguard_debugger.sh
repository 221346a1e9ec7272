# SPDX-License-Identifier: MIT
# A debugger sees nothing in a clean program, and the fault of an error as SIGSEGV (or SIGBUS), at the instruction; with the `handle` line of
# mmguard(1) the program runs through.
command -v gdb >/dev/null || { echo "no gdb here"; exit 77; }
debug() { # PROGRAM COMMAND...
    local program=$1 command commands=()
    shift
    for command; do
        commands+=(-ex "$command")
    done
    LC_ALL=C timeout 300 gdb -nx -batch -ex "set environment LD_PRELOAD $BUILD/libguard.so" -ex "set environment MMGUARD_OPTIONS report=none" \
        -ex "set startup-with-shell off" -ex "set confirm off" "${commands[@]}" "$SAMPLES/$program" 2>&1 |
        grep -E '^(Program|main|#0|\[Inferior)' | sed -E 's/SIG(SEGV|BUS), .*/SIGSEGV or SIGBUS/; s/0x[0-9a-f]+ in //; s/process [0-9]+/process/; s/name=name@entry=/name=/'
}
debug fixed_twins run
debug overflow run 'bt 1' kill
debug overflow 'handle SIGSEGV SIGBUS nostop noprint pass' run
# A stack that ends where the loader starts, whose registers hold anything.
printf '#include <stdlib.h>\n__attribute__((constructor)) static void early(void) { free(malloc(100)); }\n' >library.c
$CC -w -shared -fPIC -o libearly.so library.c
echo 'int main(void) { return 0; }' >early.c
$CC -w -o early early.c -Wl,--no-as-needed -L. -learly -Wl,-rpath,"$PWD"
SAMPLES=$PWD debug early run
