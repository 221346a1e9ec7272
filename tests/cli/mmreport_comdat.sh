# SPDX-License-Identifier: MIT
# An inline function that two units have is in the program once, and claimed by both: its code, and the name of its file, are those of the first one linked.
mkdir one two traces
cat >lose.hh <<'END'
#include <cstdlib>
inline __attribute__((noinline)) void lose(int size) { static void *volatile last; last = std::malloc(size); last = nullptr; }
END
for unit in one two; do
    echo "#include \"lose.hh\"
void $unit() { lose(100); }" >$unit/$unit.cc
done
echo 'void one(); void two(); int main() { one(); two(); return 0; }' >main.cc
for unit in one two; do
    (cd $unit && "${CXX:-c++}" -O1 -g -I"$PWD/.." -ffile-prefix-map="${PWD%/*}"=. -c -o ../$unit.o $unit.cc) || exit 1
done
"${CXX:-c++}" -g -c main.cc || exit 1
for order in "one.o two.o" "two.o one.o"; do
    # shellcheck disable=SC2086
    "${CXX:-c++}" -g -o program main.o $order || exit 1
    rm -f traces/*
    mmguard -q --error-exitcode=0 -o traces ./program >/dev/null 2>&1
    echo "$order: $(mmreport tree --json --no-cache traces | grep -o '"file":"[^"]*lose.hh"' | sort -u)"
done
