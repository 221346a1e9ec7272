# SPDX-License-Identifier: MIT
# tar and xz: a round trip of this repository's sources.
needs="tar xz cksum"
quick=1
run() {
    guarded tar -C "$SOURCES" --sort=name --mtime=@0 --owner=0 --group=0 -cf sources.tar include report/cli &&
        guarded xz -T2 -3 -k sources.tar &&
        guarded xz -dc sources.tar.xz | cmp - sources.tar &&
        mkdir out && guarded tar -C out -xJf sources.tar.xz && diff -r "$SOURCES/include" out/include && echo same
}
