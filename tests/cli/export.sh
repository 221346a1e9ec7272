# SPDX-License-Identifier: MIT
# Every form, read by a strict reader; the first traces have errors and leaks, the second none, the third is cut off.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
tests=$(dirname "$0")/..
root=$(cd "$tests/.." && pwd)
mmguard -q --report=none -o . "$SAMPLES/use_after_free" >/dev/null
mv mmguard-*.mmg freed.mmg
head -c -16 "$TRACES/clean.mmg" >cut.mmg
unset GITHUB_STEP_SUMMARY
for format in $(formats); do
    for traces in "$TRACES/leak_tree.mmg $TRACES/overflow.mmg freed.mmg" "$TRACES/clean.mmg" cut.mmg; do
        echo "== $format: $(basename "${traces%% *}")"
        # shellcheck disable=SC2086
        mmreport export --format=$format --root="$root" -o out $traces 2>/dev/null
        echo "status $?"
        python3 "$tests/formats.py" $format out
    done
done
mmreport export --format=valgrind-xml -o "%p.xml" "$TRACES/leak_tree.mmg" "$TRACES/overflow.mmg" 2>&1
ls ./*.xml | wc -l
mmreport export --format=sarf "$TRACES/clean.mmg" 2>&1
echo "status $?"
mmreport export --format=tap -o missing/out "$TRACES/clean.mmg" 2>&1
echo "status $?"
