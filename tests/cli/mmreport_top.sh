# SPDX-License-Identifier: MIT
times() { sed -E 's/ +[0-9.]+s +[0-9.]+s  /    TIME     TIME  /'; }
mmreport top "$TRACES/leak_tree.mmg" | times
mmreport top --group-by=function --limit=1 --metric=live "$TRACES/leak_tree.mmg" | times
mmreport top --sort=name --group-by=file "$TRACES/leak_tree.mmg" | times
