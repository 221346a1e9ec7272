# SPDX-License-Identifier: MIT
echo "int main(void){return 0;}" >p.c
$CC -static -o p p.c 2>/dev/null || { echo "no static libc" >&2; exit 77; }
mmguard ./p
