# SPDX-License-Identifier: MIT
# What is read costs what is needed: a file of holes among traces is named and left out, and a source without line ends is not read as a whole.
cp "$TRACES/leak_tree.mmg" good.mmg
truncate -s 15T huge.mmg 2>/dev/null || truncate -s 7T huge.mmg 2>/dev/null || { echo "no large files here" >&2; exit 77; }
head -c 64 good.mmg | dd of=huge.mmg conv=notrunc status=none
(
    ulimit -v 4000000
    mmreport summary good.mmg huge.mmg good.mmg >out 2>err
    echo "status $?, $(grep -c '^leak_tree' out) shown"
    cat err
    mmreport tree huge.mmg
    echo "status $?"
)
mkdir src
printf '#include <stdlib.h>\nint main(void)\n{\n    volatile char *p = malloc(8);\n    p[8] = 1;\n    free((void *)p);\n    return 0;\n}\n' >src/past.c
$CC -O0 -g -w -o past src/past.c || exit 1
mmguard -q --report=none -o traces ./past
lines() {
    (
        ulimit -v 4000000
        mmreport errors --source=1 traces | grep -E '^ +[>0-9]' | cut -c 1-60
        echo "status ${PIPESTATUS[0]}"
    )
}
lines
truncate -s 20G src/past.c
lines
: >src/past.c
truncate -s 20G src/past.c
lines
head -c 100000 /dev/zero | tr '\0' x >long
{ cat long; printf '\n'; cat long; printf '\n\n\n'; cat long; printf '\nend'; } >src/past.c
lines
