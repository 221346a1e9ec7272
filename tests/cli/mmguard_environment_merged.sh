# SPDX-License-Identifier: MIT
# A flag wins over the environment; what the environment alone sets is kept. A colon in a value comes through.
mkdir a:b
MMGUARD_OPTIONS='depth=7:align=8:color=never' mmguard -q -o a:b --depth=9 sh -c 'echo "$MMGUARD_OPTIONS"' |
    sed -E 's@dir=/.*/a[^/]*b/.mmguard-[A-Za-z0-9]+@dir=TRACES@; s/:symbolizer=[^:]*//' 
