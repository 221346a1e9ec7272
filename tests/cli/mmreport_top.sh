# SPDX-License-Identifier: MIT
mmreport top "$TRACES/leak_tree.mmg"
mmreport top --group-by=function --limit=1 --metric=live "$TRACES/leak_tree.mmg"
mmreport top --sort=name --group-by=file "$TRACES/leak_tree.mmg"
