# SPDX-License-Identifier: MIT
mmreport summary "$TRACES/leak_tree.mmg" | sed -E "/own memory|backend/d"
