# SPDX-License-Identifier: MIT
# The gate in the launcher: known leaks pass, new ones do not.
mmguard -q -o . --error-exitcode=0 "$SAMPLES/leak_tree" >/dev/null
mmreport baseline -o known.txt mmguard-*.mmg
mmguard -q --gate=known.txt --sarif=out.sarif --junit=out.xml "$SAMPLES/leak_tree" >/dev/null
echo "status $?"
ls out.*
sed -i '/ load_body /d' known.txt
mmguard -q --gate=known.txt "$SAMPLES/leak_tree" >/dev/null
echo "status $?"
mmguard -q --gate=known.txt --error-exitcode=7 "$SAMPLES/leak_tree" >/dev/null 2>&1
echo "status $?"
mmguard -q --gate=missing.txt touch started
echo "status $?"
[[ -e started ]] || echo not started
