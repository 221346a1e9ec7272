# SPDX-License-Identifier: MIT
mmguard -q --error-exitcode=5 "$SAMPLES/leak_cycle"
echo $?
mmguard -q --error-exitcode=0 "$SAMPLES/leak_cycle"
echo $?
mmguard -q --exitcode=9 "$SAMPLES/leak_cycle"
echo $?
