# SPDX-License-Identifier: MIT
mmreport tree "$TRACES/leak_tree.mmg"
