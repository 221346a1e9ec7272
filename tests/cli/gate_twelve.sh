# SPDX-License-Identifier: MIT
# Twelve processes, three of which leak: the gate names the three.
cat >suite.sh <<'END'
true; true
"$SAMPLES/leak_cycle" >/dev/null
true; true; true
"$SAMPLES/leak_thread" >/dev/null
true; true
"$SAMPLES/leak_tree" >/dev/null
true
END
sed -i 's@^true@/bin/true@; s@; true@; /bin/true@g' suite.sh
printf 'exit 0\n' >>suite.sh
mmguard -q -o . /bin/sh suite.sh
echo "status $?"
ls mmguard-*.mmg | wc -l
mmreport gate . >verdict
echo "status $?"
grep -o ' in [a-z_]* (pid' verdict | sort -u
tail -n 2 verdict
mmguard -q --children=no /bin/sh suite.sh
echo "status $?"
# What only the system's programs do can be left out, and is counted.
cp "$SAMPLES/leak_tree" own
mmguard -q -o . --error-exitcode=0 /bin/sh -c './own >/dev/null; exit 0'
mmreport gate --own mmguard-own-*.mmg | head -n 1
mmreport gate --own "$TRACES/clean.mmg"
