# SPDX-License-Identifier: MIT
# The program is not where it was, or is another one; then it is found below a sysroot or through a path map.
mkdir -p here traces root"$PWD"
cp "$SAMPLES/leak_tree" here/program
mmguard -q --error-exitcode=0 -o traces here/program >/dev/null 2>&1
named() { mmreport tree --no-cache "$@" traces 2>message | grep -c "make_buffer"; cat message; }
named
mkdir -p root"$PWD"/here && mv here/program root"$PWD"/here/program
named
named --sysroot="$PWD/root"
named --path-map="$PWD/here=$PWD/root$PWD/here"
cp /bin/true here/program
named
named --sysroot="$PWD/root"
named --path-map=here
named --dwarf=other
