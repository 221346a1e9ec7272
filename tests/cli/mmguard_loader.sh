# SPDX-License-Identifier: MIT
# A program that is started by ld.so is guarded, and named as itself; --follow knows it too.
printf '#include <stdlib.h>\nint main(void) { volatile char *p = malloc(33); p = 0; p = malloc(4); free((char *)p); return 0; }\n' >leaks.c
$CC -g -w -o leaks leaks.c
loader=$(readelf -lW leaks | sed -n 's/.*program interpreter: \(.*\)\]/\1/p')
mmguard "$loader" ./leaks 2>&1 | head -n 1
mmguard "$loader" --argv0 other ./leaks 2>&1 | head -n 1
mmguard --follow=leaks sh -c "$loader ./leaks; true" 2>&1 | grep 'leaks (pid'
mmguard "$loader" ./absent
echo "status $?"
mmguard "$loader" --help
echo "status $?"
