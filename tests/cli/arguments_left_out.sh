# SPDX-License-Identifier: MIT
# Arguments of programs may hold secrets: exports leave them out unless they are asked for, and with arguments=0 no trace has them.
mmguard -q -o traces --record "$SAMPLES/leak_tree" --password=secret >/dev/null
mmreport summary traces | grep -c secret
for format in $(formats); do
    echo "$format: $(mmreport export --format="$format" traces | grep -c secret), asked for: $(mmreport export --arguments --format="$format" traces | grep -c secret)"
done
mmguard -q --valgrind-xml=without.xml "$SAMPLES/leak_tree" --password=secret >/dev/null
mmguard -q --arguments --valgrind-xml=with.xml "$SAMPLES/leak_tree" --password=secret >/dev/null
grep -c secret without.xml with.xml
mmguard -q --arguments=0 --record -o without "$SAMPLES/leak_tree" --password=secret >/dev/null
mmreport summary without | grep -c 'command.*leak_tree'
grep -c secret without/*
