# SPDX-License-Identifier: MIT
# A program on Valgrind is left to it: nothing of ours among what Valgrind says, which -q leaves to errors. The memory of the child is
# ours again.
needs="valgrind"
quick=1
run() {
    guarded valgrind -q --log-fd=1 --leak-check=full env seq 3 && guarded seq 3
}
