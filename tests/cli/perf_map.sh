# SPDX-License-Identifier: MIT
# A program that leaves names for generated code where perf looks for them: the trace says where.
LD_PRELOAD=$BUILD/libguard.so MMGUARD_OPTIONS=keep=1 sh -c ': >/tmp/perf-$$.map; echo $$ >pid'
rm "/tmp/perf-$(cat pid).map"
mmreport summary . | grep -c "note: generated code is named in /tmp/perf-$(cat pid).map"
