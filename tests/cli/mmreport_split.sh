# SPDX-License-Identifier: MIT
# Debug information that was split off: in files of its own, in the object files (clang's -gsplit-dwarf=single), and in one package after the
# compiler's own files are gone. Functions have their names and lines with each reader.
cat >own.c <<'END'
#include <stdlib.h>
void *volatile kept;
__attribute__((noinline)) void own(void)
{
    kept = malloc(20);
    kept = NULL;
}
END
cat >main.c <<'END'
void own(void);
int main(void)
{
    volatile char wipe[4096];
    own();
    for (int i = 0; i < 4096; i++)
        wipe[i] = 0;
    return wipe[5];
}
END
show() { # TITLE
    rm -rf traces
    mmguard -q -o traces ./built/prog >/dev/null 2>&1
    for reader in libdw libdwarf; do
        mmreport tree --no-cache --min=0 --dwarf=$reader traces >tree 2>message || cat message
        echo "$1, $reader:" $(grep -oE '(own|main) at [^ ]*' tree | sed -E 's#at .*/#at #' | sort -u)
    done
}
build() { # COMPILER FLAGS...
    rm -rf built && mkdir built
    (cd built && "$@" -g -O1 -w -c ../main.c ../own.c && "$1" -o prog main.o own.o)
}
command -v clang >/dev/null || { echo "no clang"; exit 77; }
llvm_dwp=$(compgen -c llvm-dwp | sort | tail -n 1)
[[ $llvm_dwp ]] || { echo "no llvm-dwp"; exit 77; }
mmreport tree --dwarf=libdwarf "$TRACES/leak_tree.mmg" >/dev/null 2>message || { cat message >&2; exit 77; }
for version in 4 5; do
    for how in -gsplit-dwarf -gsplit-dwarf=single; do
        build clang -gdwarf-$version $how
        show "clang, DWARF $version, $how"
    done
    build "$CC" -gdwarf-$version -gsplit-dwarf
    show "DWARF $version, -gsplit-dwarf"
    # binutils' dwp knows no DWARF 5.
    packager=$llvm_dwp
    [[ $version == 4 ]] && command -v dwp >/dev/null && packager=dwp
    (cd built && "$packager" -e prog -o prog.dwp && rm ./*.dwo ./*.o) || exit
    show "DWARF $version, package"
done
