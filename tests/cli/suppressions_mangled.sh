# SPDX-License-Identifier: MIT
# Patterns of Valgrind's lists against mangled names of C++, with wildcards: of functions with and without debug information, by either
# reader.
cat >lose.cc <<'EOF'
#include <cstdlib>
#define N __attribute__((noinline))
void *volatile kept;
namespace app {
template <class T> struct Loader {
    N void load(int n) { kept = malloc(n); kept = nullptr; }
};
}
N void other() { kept = malloc(7); kept = nullptr; }
int main()
{
    app::Loader<int>().load(1);
    app::Loader<char *>().load(2);
    other();
    volatile char wipe[4096];
    for (int i = 0; i < 4096; i++)
        wipe[i] = 0;
    return 0;
}
EOF
$CXX -O0 -g -w -o with lose.cc && $CXX -O0 -w -o without lose.cc || exit 1
for program in with without; do
    mmguard -q -o $program.traces ./$program
    for pattern in '_Z*app*Loader*' '_ZN3app6LoaderIiE*' '_ZN3app6Loader*Ei' '_ZN3app6LoaderI?E4loadEi' '_Z5other?' '_Z*other' '_Z*' '*Loader*' '_ZN3app6LoaderIiE4loadEi'; do
        printf '{\n  x\n  Memcheck:Leak\n  fun:malloc\n  fun:%s\n  fun:main\n}\n' "$pattern" >list.supp
        for reader in libdw libdwarf; do
            echo "$program, $reader, $pattern: $(mmreport gate --no-cache --dwarf=$reader --suppressions=list.supp $program.traces 2>/dev/null | sed -n '1s/ new.*/ left/p')"
        done
    done
done
