# SPDX-License-Identifier: MIT
# A damaged list stops everything before it begins, with file and line.
try() {
    printf "$1" >list.txt
    mmreport summary --suppressions=list.txt "$TRACES/clean.mmg" 2>&1
    echo "status $?"
}
try 'nonsense\n'
try '\n# x\nleak:\n'
try 'definite: # reason\n'
try 'no-such-kind:f\n'
try 'definite:f <  < g\n'
try 'definite:f # until tomorrow\n'
try 'definite:f # until 2026-02-30\n'
try '{\n'
try '{\n}\n'
try '{\nname\nMemcheck\n}\n'
try '{\nname\nMemcheck:Leak\n}\n'
try '{\nname\nMemcheck:Leak\nfun:\n}\n'
try '{\nname\nMemcheck:Leak\nmatch-leak-kinds: some\nfun:f\n}\n'
try '{\nname\nMemcheck:Free\nmatch-leak-kinds: all\nfun:f\n}\n'
try '{\nname\n{\n'
try 'leak:a\000b\n'
try "leak:$(printf '\033')[31m\nx\n"
echo 'leak:x' >list.txt
mmreport summary --suppressions=missing.txt "$TRACES/clean.mmg"
echo "status $?"
mmreport summary --suppressions=. "$TRACES/clean.mmg"
echo "status $?"
echo 'nonsense' >list.txt
mmguard --suppressions=list.txt touch started
echo "status $?"
LSAN_OPTIONS=suppressions=missing.txt mmguard touch started
echo "status $?"
[[ -e started ]] || echo not started
