# SPDX-License-Identifier: MIT
# Traces of an earlier run in the same folder do not count in this one.
mkdir traces
mmguard -q -o traces "$SAMPLES/leak_cycle"
echo $?
mmguard -q -o traces true
echo $?
ls traces | wc -l
