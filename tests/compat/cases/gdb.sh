# SPDX-License-Identifier: MIT
# gdb reading symbols.
needs="gdb gcc"
prepare() {
    printf 'int helper(int x)\n{\n    return x + 1;\n}\nint main(void)\n{\n    return helper(-1);\n}\n' >program.c
    gcc -g -o program program.c
}
run() {
    guarded gdb -nx -batch -ex 'info line main' -ex 'info scope helper' ./program
}
