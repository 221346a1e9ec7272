# SPDX-License-Identifier: MIT
mmreport summary "$TRACES/leak_tree.mmg"
