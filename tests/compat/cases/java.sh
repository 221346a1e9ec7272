# SPDX-License-Identifier: MIT
# Java with the G1 collector: generated code, faults of its own, threads, memory at addresses of its choice.
needs="java javac"
. "$here/java_work.sh"
run() {
    guarded java -XX:+UseG1GC -Xmx256m -cp . Work
}
