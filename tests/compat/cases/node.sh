# SPDX-License-Identifier: MIT
# node: a garbage collector with many threads and mappings of its own.
needs=node
run() {
    guarded node -e 'const rows = []; for (let i = 0; i < 50000; i++) rows.push({ id: i, name: "row " + i, tags: ["a", "b", i] });
        const copy = JSON.parse(JSON.stringify(rows)); console.log(copy.length, copy[49999].name, JSON.stringify(copy).length)'
}
