# SPDX-License-Identifier: MIT
mmguard -q "$SAMPLES/leak_cycle"
echo $?
mmguard -q sh -c "\"\$SAMPLES/leak_cycle\"; exit 5"
