# SPDX-License-Identifier: MIT
# A library that is preloaded already stays so, behind libguard.so.
echo "int unused;" >a.c && $CC -shared -fPIC -o a.so a.c
LD_PRELOAD=$PWD/a.so mmguard sh -c 'echo "$LD_PRELOAD"' | sed "s@[^ :]*/@@g"
