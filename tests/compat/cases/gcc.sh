# SPDX-License-Identifier: MIT
# gcc with its children cc1 and as, on a C file of this repository; the object files must be the same.
needs="gcc cksum"
quick=1
run() {
    guarded gcc -O2 -c -std=gnu11 -D_GNU_SOURCE -I"$SOURCES/report" -I"$SOURCES/include" -o out.o "$SOURCES/report/cli/launch_options.c" &&
        cksum <out.o
}
