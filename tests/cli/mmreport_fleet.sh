# SPDX-License-Identifier: MIT
# A thousand traces: the answer is the same in any order and in any grouping, and merging is a fold.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
cat >make.py <<'END'
import array, os, random, sys
sys.path.insert(0, sys.argv[1])
import maketrace
os.mkdir("fleet")
chance = random.Random(5)
for pid in range(1, 1001):
    trace = maketrace.Trace()
    trace.process(pid, b"/opt/worker", 1000 + pid // 3)
    trace.module(1, 1 << 32, b"/opt/worker", bytes([1] * 20))
    frames = array.array("Q", [(1 << 32) + 64, 1 << 32])
    rows, sites = [], []
    for stack in range(2, 12):
        frames.extend([(1 << 32) + 128 * chance.randrange(1, 40), chance.randrange(1, stack) | 1 << 32])
        rows.append((stack, 1, chance.choice((0, 0, 1, 2, 3)), chance.randrange(1, 9), chance.randrange(8, 900)))
        sites.append((stack, chance.randrange(1, 99), chance.randrange(9, 9999), 0, 0, chance.randrange(9, 999), 1, (2000 + pid) * 10**9, (3000 + pid) * 10**9))
    trace.stacks(frames)
    trace.thread(1)
    trace.leak_check()
    trace.leaks(rows)
    trace.sites(sites)
    data = trace.end()
    # Some were cut off.
    open(f"fleet/{pid}.mmg", "wb").write(data[:-40] if pid % 97 == 0 else data)
for name in ("one", "two"):
    files = [f"fleet/{pid}.mmg" for pid in range(1, 1001)]
    chance.shuffle(files)
    open(name, "w").write("\n".join(files) + "\n")
END
python3 make.py "$(dirname "$0")/.."
mmreport merge -o folder.mmg fleet 2>/dev/null
echo "merge of a folder: status $?"
xargs -a one mmreport merge -o one.mmg 2>/dev/null
cmp folder.mmg one.mmg && echo "another order: the same bytes"
# In groups of 70, the groups in groups of 4, and then all.
mkdir groups
split -l 70 two groups/first.
for group in groups/first.*; do xargs -a "$group" mmreport merge -o "${group/first/merged}.mmg" 2>/dev/null; done
ls groups/merged.* | split -l 4 - groups/second.
for group in groups/second.*; do xargs -a "$group" mmreport merge -o "$group.mmg" 2>/dev/null; done
mmreport merge -o fold.mmg groups/second.*.mmg 2>/dev/null
cmp folder.mmg fold.mmg && echo "a fold: the same bytes"
for command in summary tree "tree --invert --kind=all" "tree --metric=peak" top "top --metric=total --group-by=function"; do
    for files in fleet folder.mmg "$(tr '\n' ' ' <one)" "$(echo groups/second.*.mmg)"; do
        # shellcheck disable=SC2086
        mmreport $command --json --no-symbols $files 2>/dev/null | md5sum
    done | sort -u | wc -l | sed "s/^/$command: different answers: /"
done
