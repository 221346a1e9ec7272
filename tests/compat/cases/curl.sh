# SPDX-License-Identifier: MIT
# curl: TLS and compression libraries are set up even for a local file.
needs=curl
prepare() {
    seq 1 20000 >input
}
run() {
    guarded curl -sS "file://$PWD/input" | cksum
}
