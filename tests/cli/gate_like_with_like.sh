# SPDX-License-Identifier: MIT
# A baseline says what it was made with, and the gate compares only what both could hold. `ours` loses memory in a function of its own;
# `theirs` is the same program where the system's are, as far as its trace says.
cat >lose.c <<'EOF'
#include <stdlib.h>
void *volatile kept;
__attribute__((noinline)) void lose_one(void) { volatile char *p = malloc(100); p[0] = 1; p = 0; }
__attribute__((noinline)) void keep_one(void) { kept = malloc(50); }
__attribute__((noinline)) void wipe(void) { volatile char dirt[4096]; for (int i = 0; i < 4096; i++) dirt[i] = 0; }
int main(void) { lose_one(); keep_one(); wipe(); return 0; }
EOF
$CC -O1 -g -w -o ours lose.c && cp ours theirs || exit 1
mmguard -q -o raw --error-exitcode=0 ./theirs
mmguard -q -o run --error-exitcode=0 ./ours
python3 - "$PWD/theirs" raw/*.mmg run/theirs.mmg <<'EOF'
import sys
name, source, target = sys.argv[1:]
system = b"/usr/bin/" + b"x" * (len(name) - len("/usr/bin/"))
open(target, "wb").write(open(source, "rb").read().replace(name.encode(), system))
EOF
gate() {
    echo "== $*"
    mmreport gate "$@" | sed -E 's/; suppressed: [^;]*//; s/ [0-9a-f]{16}//; s/^    .*//' | grep -v '^$'
    echo "status ${PIPESTATUS[0]}"
}
for options in "" "--own" "--kind=all" "--no-leaks" "--kind=possible"; do
    echo "== baseline $options"
    # shellcheck disable=SC2086
    mmreport baseline $options run >"known$options.txt"
    grep -v '^# Findings\|^# errors' "known$options.txt" | sed -E 's/^[0-9a-f]{16}/FINGERPRINT/; s/< .*/.../; s/x+\+/theirs+/' | LC_ALL=C sort
done
gate --own --baseline=known.txt run
gate --own --baseline=known.txt run/mmguard-ours-*.mmg
gate --baseline=known.txt run/mmguard-ours-*.mmg
gate --baseline=known--own.txt run
gate --baseline=known--kind=all.txt run
gate --kind=all --baseline=known--kind=all.txt run
gate --kind=all --baseline=known.txt run 2>&1
gate --baseline=known--no-leaks.txt run
gate --baseline=known--kind=possible.txt run
echo "== updated"
cp known--own.txt next.txt
mmreport baseline --update=next.txt run
echo "status $?"
cmp next.txt known--own.txt
echo "== launcher"
for baseline in known--own.txt known--no-leaks.txt; do
    mmguard -q --gate=$baseline ./ours 2>&1 | sed 's/; suppressed: [^;]*//'
    echo "status ${PIPESTATUS[0]}"
done
mmguard -q --gate=known.txt --leak-kinds=reachable ./ours
echo "status $?"
echo "== damaged"
for line in "# made with:" "# made with: --kind=some" "# made with: --kinds=definite" "# made with: --kind=definite --ours"; do
    echo "$line" >bad.txt
    mmreport gate --baseline=bad.txt run 2>&1 || true
done
