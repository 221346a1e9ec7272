# SPDX-License-Identifier: MIT
# The Makefile on a small tree of its own: folders with spaces, what is refused before anything is written, what is compiled again, and what is said
# where packages are missing.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CFLAGS CXXFLAGS CPPFLAGS LDFLAGS VARIANT PREFIX LIBDIR DESTDIR BINDIR V
top=$(dirname "$(dirname "$(readlink -f "$0")")")
top=${top%/tests}
mkdir -p "a tree/libguard/base" "a tree/libguard/start" "a tree/report/cli" "a tree/tests/unit" "a tree/include" "a tree/man" "a tree/samples" "a tree/gdb" bin
cp "$top/Makefile" "a tree"
cp "$top/tests/deps.sh" "a tree/tests"
cd "a tree" || exit 1
touch libguard/base/own_names.h gdb/libguard-gdb.py include/mmguard.h man/mmguard.1 man/libguard.7 man/mmguard.h.3
echo 'void guard(void) {}' >libguard/base/base.c
echo '{ global: guard; };' >libguard/start/libguard.map
echo 'int main(void) { return 0; }' >report/cli/main.c
echo 'const char *library_folder(void) { return MMGUARD_LIBDIR; }' >report/cli/launch.c
run() { # MAKE-ARGUMENTS...
    make CC="$CC" "$@" 2>&1 | sed "/^install /d; /^ln /d; /^rm /d; /^\t/d; s/^Makefile:[0-9]*/Makefile/; s@$PWD@HERE@g"
}

echo "-- built and installed in folders with spaces"
run install DESTDIR="$PWD/a stage" PREFIX=/usr LIBDIR=/usr/lib64
(cd "a stage" && find . -type f -o -type l | sort)
run uninstall DESTDIR="$PWD/a stage" PREFIX=/usr LIBDIR=/usr/lib64
(cd "a stage" && find . -type f -o -type l | sort)

echo "-- refused"
run install PREFIX="$PWD/a prefix"
run demo
ls -d a*

echo "-- compiled again"
compiled() {
    run -n LIBDIR=/usr/lib64 "$@" | sed -nE 's/.* -c -o ([^ ]*).*/\1/p' | sort
}
compiled | sed 's/^/the same: /'
compiled CFLAGS=-O1 | sed 's/^/other CFLAGS: /'
compiled CPPFLAGS=-DX | sed 's/^/other CPPFLAGS: /'
compiled LIBDIR=/usr/lib | sed 's/^/other LIBDIR: /'
run LIBDIR=/usr/lib64 CFLAGS="-O0 -DNAME='\"a b\"'"
compiled CFLAGS="-O0 -DNAME='\"a b\"'" | sed 's/^/built with them: /'

echo "-- without packages"
cat >../bin/dpkg-query <<'EOF'
#!/bin/sh
case $* in *libdw-dev* | *libzydis-dev*) exit 1 ;; *) echo installed ;; esac
EOF
cat >../bin/apt-get <<'EOF'
#!/bin/sh
for i in 1 2 3 4 5; do
    echo "E: Failed to fetch http://deb.example.org/debian/pool/$i  Temporary failure resolving 'deb.example.org'" >&2
done
exit 100
EOF
cat >../bin/id <<'EOF'
#!/bin/sh
echo "$USER_ID"
EOF
printf '#!/bin/sh\nexit 1\n' >../bin/sudo
cat >../bin/cc-without <<EOF
#!/bin/sh
case " \$* " in *' -E '*) exit 1 ;; *) exec $CC "\$@" ;; esac
EOF
chmod +x ../bin/*
CC=cc-without
export PATH=$PWD/../bin:$PATH
for USER_ID in 0 1000; do
    export USER_ID
    rm -rf build
    run
    ls -d build 2>/dev/null
    bash tests/deps.sh build
done 2>&1 | grep -v '^make: '
