# SPDX-License-Identifier: MIT
# Eight threads of a C++ program that lose blocks, and what only these hold, at the same time: the same baseline each time, whatever the
# addresses, the order and the thread. RUNS=50 for more runs.
cat >losing.cc <<'END'
#include <map>
#include <string>
#include <thread>
#include <vector>
#include <cstdlib>
struct node { node *next; std::string name; };
static node *chain(int length)
{
    node *head = nullptr;
    while (length--)
        head = new node{head, std::string(100, 'x')};
    return head;
}
struct ring { ring *other; };
static void circle()
{
    ring *one = new ring, *two = new ring;
    one->other = two;
    two->other = one;
}
template <class Key> static void fill(int size)
{
    auto *map = new std::map<Key, std::vector<int>>;
    for (int i = 0; i < size; i++)
        (*map)[Key(i)] = std::vector<int>(10);
}
static __attribute__((noinline)) void lose()
{
    chain(20);
    circle();
    fill<int>(30);
    fill<long>(30);
    malloc(50);
}
static __attribute__((noinline)) void wipe()
{
    volatile char dirt[16384];
    for (char volatile &byte : dirt)
        byte = 0;
}
int main()
{
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++)
        threads.emplace_back([] { lose(); wipe(); });
    for (std::thread &thread : threads)
        thread.join();
    wipe();
}
END
$CXX -g -O0 -w -fno-builtin -o losing losing.cc -pthread
for ((run = 0; run < ${RUNS:-10}; run++)); do
    rm -rf traces && mkdir traces
    MMGUARD_OPTIONS=dir=traces:report=none:keep=1 LD_PRELOAD=${SAMPLES%/tests/*}/libguard.so ./losing
    mmreport baseline --kind=all -o known traces
    sort known
    mmreport gate --kind=all --baseline=known traces >/dev/null || echo "the gate is not passed"
    cp known baseline.$run
    md5sum <known >>sums
    [ "$run" = 0 ] || mmreport gate --kind=all --baseline=baseline.0 traces >/dev/null || echo "the gate of the first run is not passed"
done | grep 'not passed'
sort -u sums | wc -l
grep -c '^[0-9a-f]' baseline.0
sed -E 's/^[0-9a-f]{16}/FINGERPRINT/' baseline.0 | grep -v ' reachable ' | grep -oE '(definite|indirect|possible) .*' | cut -d ' ' -f 1-3 | sort | uniq -c
