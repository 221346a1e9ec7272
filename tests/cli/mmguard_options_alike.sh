# SPDX-License-Identifier: MIT
# What libguard takes as MMGUARD_OPTIONS mmguard takes as well, and what it refuses mmguard refuses before the program runs; a flag of mmguard
# means the same as the option. Only an empty path where there is a default is no mistake for libguard.
alike() { # OPTIONS
    MMGUARD_OPTIONS=$1 LD_PRELOAD=$BUILD/libguard.so /bin/true 2>libguard.err
    libguard=$?
    MMGUARD_OPTIONS=$1 mmguard /bin/true 2>mmguard.err
    mmguard=$?
    printf '%s: libguard %s, mmguard %s' "$1" $libguard $mmguard
    grep -q '^mmguard: MMGUARD_OPTIONS: ' mmguard.err && printf ', refused'
    if [[ $1 =~ ^([a-z_]+)=([^:]*)$ ]]; then
        mmguard "--${BASH_REMATCH[1]//_/-}=${BASH_REMATCH[2]}" /bin/true 2>/dev/null
        printf ', flag %s' $?
    fi
    echo
}
for value in 0 1 no yes false true off on 2 Yes ''; do alike "keep=$value"; done
for value in 0 255 256 007 -1 +1 1x 99999999999999999999999 ''; do alike "exitcode=$value"; done
for value in 16 24 0 4096 8192; do alike "align=$value"; done
for value in auto none mprotect 'auto|move' ''; do alike "backend=$value"; done
for value in all fair 2 1 1000000 1000001 02 fair2 ''; do alike "guard=$value"; done
for value in now batch:1 batch:4096 batch:4097 batch batch: batch:x 7; do alike "revoke=$value"; done
for value in auto none 1 0 64K 64k 64KK 00000000000000064M 9000000T 99999999999999999999 K ''; do alike "budget=$value"; done
alike 'dir='
alike 'keep=1::align=32:'
alike 'log=a\:b:keep=0'
alike 'keep=1:no_such=1'
alike 'kepe=1'
