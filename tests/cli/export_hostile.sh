# SPDX-License-Identifier: MIT
# Names that mean something to a form: they stay names.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
tests=$(dirname "$0")/..
name=$(printf 'a,b:c%%d;e|f<g>&"h#i\\j\033[31mk\nl\r::error::m\xff\xef\xbf\xbf.c')
mkdir 'x|y,z: %0A'
cat >"x|y,z: %0A/$name" <<'END'
#include <stdlib.h>
int main(void) { for (int i = 0; i < 3; i++) malloc(7); return 0; }
END
$CC -g -O0 -w -o "prog|&<,:%25" "x|y,z: %0A/$name" || exit 77
mmguard -q --error-exitcode=0 -o . "./prog|&<,:%25" || exit
export GITHUB_STEP_SUMMARY=$PWD/summary.md
for format in $(formats); do
    mmreport export --format=$format -o out mmguard-*.mmg
    echo "$format: status $?"
    python3 "$tests/formats.py" $format out >said || cat said
    LC_ALL=C grep -c "$(printf '\033')" out
done
grep -c 'malloc\|main' summary.md
python3 "$tests/formats.py" markdown summary.md >/dev/null && echo "summary fits"
