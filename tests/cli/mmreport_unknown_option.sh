# SPDX-License-Identifier: MIT
mmreport tree --jsno "$TRACES/leak_tree.mmg"
