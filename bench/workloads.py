# SPDX-License-Identifier: MIT
"""Input files of the real programs. All are made by rule, so that every machine has the same; `scale` is their size."""
import hashlib
import os
import random
import shutil
import subprocess
import tarfile

CXX_HEADERS = """algorithm array chrono deque filesystem functional future iomanip iostream iterator list map memory numeric
optional queue random regex set sstream string thread tuple unordered_map unordered_set utility variant vector""".split()

# Fetched by npm, never committed: sqlite3.c in it is one C file that is a whole program.
SQLITE_PACKAGE = "better-sqlite3@11.8.1"


def _write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def cxx_unit(folder, compiler, scale):
    """A preprocessed C++ translation unit with most of the standard library and some functions that use it."""
    lines = [f"#include <{header}>" for header in CXX_HEADERS]
    lines.append("template <int N> struct tag { int value = N; bool operator<(const tag &o) const { return value < o.value; } };")
    for n in range(1 + scale // 4):
        lines.append(f"""
int use{n}(int seed) {{
    std::map<tag<{n}>, std::vector<std::string>> index;
    std::unordered_map<std::string, std::function<int(int)>> calls;
    calls["f{n}"] = [seed](int x) {{ return x * {n} + seed; }};
    index[tag<{n}>{{}}].push_back(std::to_string(seed));
    std::variant<int, std::string, tag<{n}>> any = tag<{n}>{{}};
    std::sort(index[tag<{n}>{{}}].begin(), index[tag<{n}>{{}}].end());
    return calls["f{n}"](static_cast<int>(index.size() + any.index()));
}}""")
    source = _write(os.path.join(folder, "unit.cc"), "\n".join(lines) + "\n")
    target = os.path.join(folder, "unit.ii")
    subprocess.run([compiler, "-std=c++17", "-E", "-P", "-o", target, source], check=True)
    return target


def sql_script(folder, scale):
    rows = scale * 1500
    text = f"""
CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT, kind INT, price REAL);
CREATE TABLE sale(id INTEGER PRIMARY KEY, item INT, day INT, amount INT);
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
INSERT INTO item SELECT i, 'item number ' || (i * 7919 % {rows}), i % 17, (i * 31 % 1000) / 10.0 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows * 4})
INSERT INTO sale SELECT i, i * 131 % {rows} + 1, i % 365, i % 9 + 1 FROM n;
COMMIT;
CREATE INDEX sale_item ON sale(item);
CREATE INDEX item_name ON item(name);
SELECT kind, count(*), round(sum(price), 1) FROM item GROUP BY kind ORDER BY kind;
SELECT i.kind, sum(s.amount) FROM sale s JOIN item i ON i.id = s.item GROUP BY i.kind ORDER BY 2 DESC;
SELECT count(*) FROM item a JOIN item b ON a.name = b.name AND a.kind < b.kind;
UPDATE item SET name = upper(name) || ' ' || substr(name, 3) WHERE kind % 2 = 0;
DELETE FROM sale WHERE day % 5 = 0;
SELECT count(*), sum(amount) FROM sale;
SELECT group_concat(name, ',') FROM (SELECT name FROM item ORDER BY name DESC LIMIT 20);
"""
    # Many small statements, as programs send them: parsing is where sqlite allocates.
    text += "".join(f"SELECT name, price * {i} FROM item WHERE id = {i * 37 % rows + 1};\n" for i in range(scale * 150))
    return _write(os.path.join(folder, "work.sql"), text)


def perl_script(folder, scale):
    return _write(os.path.join(folder, "hash.pl"), f"""
use strict;
my (%h, $sum);
for my $i (1 .. {scale * 8000}) {{ $h{{"key number $i"}} = [$i, "value " . ($i * 7)]; }}
for my $k (sort keys %h) {{ $sum += $h{{$k}}[0] * length $h{{$k}}[1]; }}
delete $h{{"key number $_"}} for map {{ $_ * 2 }} 1 .. {scale * 4000};
print scalar(keys %h), " $sum\\n";
""")


def python_script(folder, scale):
    return _write(os.path.join(folder, "work.py"), f"""
class Node:
    __slots__ = ("left", "right", "value")
    def __init__(self, depth, value):
        self.value = value
        self.left = Node(depth - 1, value * 2) if depth else None
        self.right = Node(depth - 1, value * 2 + 1) if depth else None
    def total(self):
        return self.value + (self.left.total() + self.right.total() if self.left else 0)
words = {{}}
for i in range({scale * 12000}):
    word = "w%d" % (i * 7919 % 3001)
    words.setdefault(word, []).append(str(i))
print(sum(len("".join(v)) for v in words.values()), Node(11, 1).total())
""")


def node_script(folder, scale):
    return _write(os.path.join(folder, "work.js"), f"""
const rows = [];
for (let i = 0; i < {scale * 4000}; i++)
    rows.push({{id: i, name: "name " + (i * 7919 % 3001), data: Buffer.alloc(64 + i % 64, i % 251)}});
const text = JSON.stringify(rows.map(r => [r.id, r.name]));
const zipped = require("zlib").deflateSync(text);
console.log(text.length, require("zlib").inflateSync(zipped).length, rows.reduce((s, r) => s + r.data[5], 0));
""")


def text_file(folder, scale):
    """Text that compresses like a log."""
    state = random.Random(7)
    words = ["word%d" % (n * n % 997) for n in range(300)]
    path = os.path.join(folder, "text")
    with open(path, "w", encoding="ascii") as file:
        for line in range(scale * 1000):
            file.write("%08d %s\n" % (line, " ".join(state.choices(words, k=8))))
    return path


def git_repository(folder, scale):
    """A repository of loose objects, from a stream for fast-import; nothing in it depends on the clock."""
    state = random.Random(11)
    path = os.path.join(folder, "repository")
    shutil.rmtree(path, ignore_errors=True)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", path], check=True)
    stream = []
    lines = [["line %d of file %d" % (n, f) for n in range(60)] for f in range(20)]
    for commit in range(max(5, scale * 12)):
        name = state.randrange(20)
        lines[name][state.randrange(60)] = "changed by %d" % commit
        stream.append(f"commit refs/heads/main\ncommitter A <a@example.org> {1500000000 + commit} +0000\ndata 2\nc\n")
        files = range(20) if commit == 0 else [name]
        for file in files:
            text = "\n".join(lines[file]) + "\n"
            stream.append(f"M 644 inline dir{file % 3}/file{file}\ndata {len(text)}\n{text}\n")
    subprocess.run(["git", "-c", "fastimport.unpackLimit=1000000000", "-C", path, "fast-import", "--quiet"],
                   input="".join(stream).encode(), check=True)
    return path


def sqlite_source(folder, say):
    """The folder with sqlite3.c and sqlite3.h, or None with a message."""
    target = os.path.join(folder, "sqlite")
    source = os.path.join(target, "sqlite3.c")
    if os.path.exists(source):
        return target
    try:
        done = subprocess.run(["npm", "pack", "--silent", SQLITE_PACKAGE], cwd=folder, capture_output=True, check=True,
                              text=True, timeout=120)
        os.makedirs(target, exist_ok=True)
        with tarfile.open(os.path.join(folder, done.stdout.strip().splitlines()[-1])) as package:
            for name in ("sqlite3.h", "sqlite3.c"):
                member = package.extractfile("package/deps/sqlite3/" + name)
                with open(os.path.join(target, name + ".part"), "wb") as file:
                    shutil.copyfileobj(member, file)
                os.rename(os.path.join(target, name + ".part"), os.path.join(target, name))
    except (OSError, KeyError, IndexError, tarfile.TarError, subprocess.SubprocessError) as error:
        say(f"skipped: programs from sqlite3.c ({error})")
        return None
    return target


def digest(data):
    return hashlib.sha256(data).hexdigest()
