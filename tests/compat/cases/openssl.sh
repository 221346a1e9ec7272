# SPDX-License-Identifier: MIT
# openssl speed: timers, signals, aligned buffers. Its figures differ from run to run; what it measured does not.
needs=openssl
run() {
    guarded openssl speed -seconds 1 -bytes 1024 sha256
}
normalize() {
    sed -E 's/[0-9]+\.[0-9]+k?/N/g; s/ +/ /g'
}
