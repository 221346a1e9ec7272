#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Compares every stack that a program captures with other unwinders (stack_oracle.c says how) and prints a line a program. With
# arguments, the program is these; without, a list of real ones, so many times that at least a million stacks are
# compared. STACK_ORACLE_TIMES=1 measures nanoseconds for a capture instead. Fails if a frame is wrong or missing, or a stack that goes on is not proved to be right.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
: "${BUILD:=$here/../../build}"
BUILD=$(cd "$BUILD" && pwd) || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
total=0 bad=0

watch() { # NAME COMMAND...
    local name=$1 counts
    shift
    rm -f "$work/log" "$work/log.stacks"
    env -C "$work" STACK_ORACLE_LOG="$work/log" LD_PRELOAD="$BUILD/tests/stack_oracle.so" "$@" >"$work/output" 2>&1 ||
        { echo "$name: exit status $?"; tail -n 5 "$work/output"; }
    [[ -s $work/log ]] || {
        echo "$name: no stacks"
        bad=$((bad + 1))
        return
    }
    counts=$(awk '{ for (i = 1; i < NF; i += 2) { if (!($i in sum)) order[++n] = $i; sum[$i] += $(i + 1) } }
        END { for (i = 1; i <= n; i++) if (sum[order[i]]) printf " %s %d", order[i], order[i] ~ /-ns$/ ? sum[order[i]] / sum["captures"] : sum[order[i]] }' "$work/log")
    echo "$name:$counts"
    total=$((total + $(awk '{ sum += $2 } END { print sum }' "$work/log")))
    # libunwind's own errors are told from ours by libgcc, which is asked about the same stack.
    bad=$((bad + $(awk '{ for (i = 1; i < NF; i += 2) if ($i ~ /^libgcc-(wrong|short|unproved)/) sum += $(i + 1) } END { print sum + 0 }' "$work/log")))
    [[ ! ${SHOW:-} || ! -e $work/log.stacks ]] || cat "$work/log.stacks"
}

if (($#)); then
    watch "${1##*/}" "$@"
else
    cc1plus=$(g++ -print-prog-name=cc1plus)
    cat >"$work/many.cc" <<'END'
#include <algorithm>
#include <iostream>
#include <map>
#include <regex>
#include <string>
#include <vector>
int main(int argc, char **argv)
{
    std::map<std::string, std::vector<int>> numbers;
    for (int i = 0; i < argc; i++)
        numbers[argv[i]].push_back(i);
    std::regex pattern("a+b*");
    return std::regex_match("aab", pattern) ? (int)numbers.size() : 0;
}
END
    g++ -E "$work/many.cc" >"$work/many.ii"
    watch cc1plus "$cc1plus" -quiet -fpreprocessed -O2 "$work/many.ii" -o /dev/null
    watch perl perl -e 'my %h; for my $i (1..60000) { push @{$h{$i % 977}}, "x$i" =~ s/(\d+)/<$1>/r; } my $n = 0;
        for (sort keys %h) { $n += length join ",", map { uc } grep { /7/ } @{$h{$_}} } print "$n\n"; eval { die { a => 1 } } for 1..2000;'
    watch python3 python3 -c 'import json, re, collections, decimal, os
d = [{"k%d" % i: [str(j) for j in range(20)]} for i in range(600)]
for _ in range(4): json.loads(json.dumps(d, indent=1))
print(sum(len(re.sub("[0-9]+", lambda m: m.group() * 2, str(x))) for x in d), decimal.Decimal(2).sqrt())
exec("def f(n):\n return 1 if n < 2 else f(n - 1) + f(n - 2)\nf(15)")'
    watch sqlite3 sqlite3 :memory: 'create table t(a integer primary key, b text);
        with recursive c(x) as (select 1 union all select x + 1 from c where x < 20000) insert into t select x, hex(randomblob(20)) from c;
        create index i on t(b); select count(*), max(length(b)) from t where b like "%AB%"; select group_concat(b) from (select b from t order by b limit 5000);
        select json_group_array(b) from (select b from t limit 3000);'
    watch openssl openssl req -x509 -newkey rsa:1024 -nodes -keyout /dev/null -subj "/CN=name" -days 1
    watch openssl-list openssl list -digest-algorithms -cipher-algorithms
    git init -q "$work/repository" && for i in $(seq 200); do echo "line $i" >"$work/repository/file$i"; done
    watch git-add git -C "$work/repository" add .
    watch git-commit git -C "$work/repository" -c user.name=a -c user.email=b@c commit -qm all
    watch git-log git -C "$here" log -p --stat
    watch git-status git -C "$here" status
fi
echo "$total stacks, $bad not explained"
((bad == 0))
