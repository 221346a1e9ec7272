# SPDX-License-Identifier: MIT
# What lies between in the standard library differs with its version.
mmguard "$SAMPLES/leak_tree_cc" 2>report
status=$?
sed -nE "/leaked|lost|shop::|build_cache/p" report
exit $status
