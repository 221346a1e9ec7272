# SPDX-License-Identifier: MIT
# Java with the Z collector: generated code, faults of its own, threads, memory at addresses of its choice.
needs="java javac"
. "$here/java_work.sh"
run() {
    guarded java -XX:+UseZGC -Xmx256m -cp . Work
}
